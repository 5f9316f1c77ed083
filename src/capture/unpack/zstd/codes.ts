import { buildFse, type FseTable } from "./fse.ts";

/** Codes of lengths (RFC 8878 3.1.1.3.2.1.1): where the range of each begins, and the bits that say where in it. */
export interface Codes {
  readonly base: Uint32Array;
  readonly bits: Uint8Array;
}

/** `runs`: codes of one width, as [codes, bits]. */
function codes(first: number, runs: readonly (readonly [number, number])[]): Codes {
  const bits = runs.flatMap(([count, width]) => new Array<number>(count).fill(width));
  let next = first;
  const base = bits.map((width) => {
    const start = next;
    next += 2 ** width;
    return start;
  });
  return { base: Uint32Array.from(base), bits: Uint8Array.from(bits) };
}

const wide = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at): readonly [number, number] => [1, from + at]);

export const literalLengths = codes(0, [[16, 0], [4, 1], [2, 2], [2, 3], [1, 4], ...wide(6, 16)]);
export const matchLengths = codes(3, [[32, 0], [4, 1], [2, 2], [2, 3], [2, 4], [1, 5], ...wide(7, 16)]);

/** Tables that a block may use without describing them (RFC 8878 3.1.1.3.2.2). */
export const defaults: { readonly [table in "literals" | "offsets" | "matches"]: FseTable } = {
  literals: buildFse(
    [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
    6,
  ),
  offsets: buildFse([1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1], 5),
  matches: buildFse(
    [
      1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ],
    6,
  ),
};
