/** The only file that knows ANSI colours. */
const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Ink = keyof typeof codes;
export type Paint = (ink: Ink, text: string) => string;

export const unpainted: Paint = (_ink, text) => text;

export const painted: Paint = (ink, text) => (text === "" ? "" : `\u001b[${codes[ink]}m${text}\u001b[0m`);

const ESCAPE = "\u001b";
const sequence = new RegExp(`${ESCAPE}\\[\\d+m`, "g");

/** What is seen of painted text. */
export function withoutColours(text: string): string {
  return text.includes(ESCAPE) ? text.replace(sequence, "") : text;
}
