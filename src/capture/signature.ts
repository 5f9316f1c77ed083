/** Bytes by which a file format is known, and where they stand. */
export interface Signature {
  readonly at?: number;
  readonly bytes: readonly number[];
}

export function carries(bytes: Uint8Array, { at = 0, bytes: wanted }: Signature): boolean {
  return wanted.every((value, index) => bytes[at + index] === value);
}

export function ascii(text: string): readonly number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}
