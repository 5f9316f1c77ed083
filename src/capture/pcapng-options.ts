import { limits } from "../bytes/limits.ts";
import { textOf } from "../bytes/text.ts";

const OPTION_END = 0;

/**
 * Calls `visit` with the code, place and length of each option in `view[at, end)`; draft-ietf-opsawg-pcapng 3.5.
 * False where one runs past the end: those before it were visited.
 */
export function eachOption(
  view: DataView,
  at: number,
  end: number,
  littleEndian: boolean,
  visit: (code: number, at: number, length: number) => void,
): boolean {
  for (let option = at; option + 4 <= end; ) {
    const code = view.getUint16(option, littleEndian);
    const length = view.getUint16(option + 2, littleEndian);
    if (code === OPTION_END) break;
    if (option + 4 + length > end) return false;
    visit(code, option + 4, length);
    option += 4 + ((length + 3) & ~3);
  }
  return true;
}

/** As much of a text of UTF-8 as is kept; some writers end it with zeros. */
export function optionText(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let end = at + Math.min(length, 4 * limits.commentCharacters);
  while (end > at && bytes[end - 1] === 0) end -= 1;
  return textOf(bytes, at, end).slice(0, limits.commentCharacters);
}
