import type { History } from "../history.ts";

const SHORTEST_MATCH = 4;
/** Byte by byte where runs are short or a match repeats itself; a call costs more than that. */
const SHORT = 24;

/**
 * Decodes one block of lz4 into `history`, which has room for `largest` bytes; false where it is damaged or cut, with
 * all that came out before in `history`.
 */
export function decodeLz4Block(packed: Uint8Array, history: History, largest: number): boolean {
  const { bytes } = history;
  const { length } = packed;
  const end = history.at + largest;
  let from = 0;
  let at = history.at;
  while (from < length) {
    const token = packed[from++] ?? 0;
    let run = token >> 4;
    if (run === 15) {
      let more = 255;
      for (; more === 255 && from < length; run += more) more = packed[from++] ?? 0;
    }
    const here = Math.min(run, length - from, end - at);
    if (here > SHORT) bytes.set(packed.subarray(from, from + here), at);
    else for (let done = 0; done < here; done++) bytes[at + done] = packed[from + done] ?? 0;
    from += here;
    at += here;
    // The last sequence has literals only.
    if (here === run && from === length) break;
    if (here < run || from + 2 > length) return stopped(history, at);
    const offset = (packed[from] ?? 0) | ((packed[from + 1] ?? 0) << 8);
    from += 2;
    let match = token & 15;
    if (match === 15) {
      let more = 255;
      for (; more === 255 && from < length; match += more) more = packed[from++] ?? 0;
    }
    match += SHORTEST_MATCH;
    if (offset === 0 || offset > at || match > end - at) return stopped(history, at);
    if (match > SHORT && offset >= match) bytes.copyWithin(at, at - offset, at - offset + match);
    else for (let done = 0; done < match; done++) bytes[at + done] = bytes[at + done - offset] ?? 0;
    at += match;
  }
  history.at = at;
  return true;
}

function stopped(history: History, at: number): false {
  history.at = at;
  return false;
}
