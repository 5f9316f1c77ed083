interface Entry<Word extends string> {
  readonly word: Word;
  readonly codes: Uint8Array;
}

/** A few words in lower case, found in bytes of any case. */
export class Words<Word extends string> {
  private readonly byLength: (readonly Entry<Word>[] | undefined)[] = [];

  constructor(words: readonly Word[]) {
    for (const word of words) {
      const entry = { word, codes: Uint8Array.from(word, (letter) => letter.charCodeAt(0)) };
      this.byLength[word.length] = [...(this.byLength[word.length] ?? []), entry];
    }
  }

  /** The word in `bytes[start, end)`, null where it is none of these. */
  find(bytes: Uint8Array, start: number, end: number): Word | null {
    const entries = this.byLength[end - start];
    if (entries === undefined) return null;
    for (const { word, codes } of entries) if (isSame(bytes, start, codes)) return word;
    return null;
  }
}

function isSame(bytes: Uint8Array, start: number, codes: Uint8Array): boolean {
  for (let at = 0; at < codes.length; at += 1) if (lower(bytes[start + at] ?? 0) !== codes[at]) return false;
  return true;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
