/** Letters that readers of print confuse, beside the small and the large form of one letter. */
const GROUPS = ["O0oQD", "l1I", "S5", "B8", "Z2", "G6", "g9q", "nh", "uv"];
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * A hint for base64 that was scanned: the letter at or behind `at` that would give `byte`, were it taken for the one it
 * is easily confused with. `byte` begins with bit `shift` of the letter at `at`. Null where no letter would.
 */
export function confusedLetter(text: string, at: number, shift: number, byte: number): string | null {
  const letters = lettersFrom(text, at);
  for (const [index, { letter, place }] of letters.slice(0, 2).entries()) {
    const meant = looksLike(letter).find((other) => byteOf(letters, index, other, shift) === byte);
    if (meant !== undefined) return `character ${place + 1} may be ${meant} instead of ${letter}`;
  }
  return null;
}

interface Letter {
  readonly letter: string;
  readonly place: number;
}

/** The three letters that hold a byte, wherever lines are broken. */
function lettersFrom(text: string, at: number): Letter[] {
  const letters: Letter[] = [];
  for (let place = at; place < text.length && letters.length < 3; place++) {
    const letter = text[place] ?? "";
    if (ALPHABET.includes(letter)) letters.push({ letter, place });
  }
  return letters;
}

function looksLike(letter: string): string[] {
  const others = [letter.toLowerCase(), letter.toUpperCase(), ...GROUPS.filter((one) => one.includes(letter)).join("")];
  return others.filter((other) => other !== letter);
}

function byteOf(letters: readonly Letter[], index: number, other: string, shift: number): number {
  const [first = 0, second = 0, third = 0] = letters.map(({ letter }, at) =>
    ALPHABET.indexOf(at === index ? other : letter),
  );
  return (((first << 12) | (second << 6) | third) >>> (10 - shift)) & 0xff;
}
