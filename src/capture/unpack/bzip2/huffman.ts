import { Damage } from "../damage.ts";
import type { ForwardBits } from "./bits.ts";

const LONGEST_CODE = 20;

/** Reads the lengths of the codes of `symbols` symbols, each told by its difference to the one before. */
export function readLengths(bits: ForwardBits, symbols: number): Uint8Array {
  const lengths = new Uint8Array(symbols);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > LONGEST_CODE) throw new Damage("a Huffman code that is too long");
    lengths[symbol] = length;
  }
  return lengths;
}

/** Codes in order of length, then of symbol. */
export class HuffmanCodes {
  private readonly symbols: Uint16Array;
  /** By length: the first code that is longer, as it would stand in `LONGEST_CODE` bits, and where its symbols begin. */
  private readonly beyond = new Uint32Array(LONGEST_CODE + 1);
  private readonly offsets = new Int32Array(LONGEST_CODE + 1);

  constructor(lengths: Uint8Array) {
    this.symbols = new Uint16Array(lengths.length);
    let code = 0;
    let at = 0;
    for (let length = 1; length <= LONGEST_CODE; length++) {
      this.offsets[length] = at - code;
      for (const [symbol, its] of lengths.entries()) {
        if (its !== length) continue;
        this.symbols[at++] = symbol;
        code++;
      }
      this.beyond[length] = code << (LONGEST_CODE - length);
      code <<= 1;
    }
  }

  read(bits: ForwardBits): number {
    const word = bits.peek(LONGEST_CODE);
    let length = 1;
    while (length <= LONGEST_CODE && word >= (this.beyond[length] ?? 0)) length++;
    if (length > LONGEST_CODE) throw new Damage("a Huffman code that is not defined");
    bits.skip(length);
    return this.symbols[(word >>> (LONGEST_CODE - length)) + (this.offsets[length] ?? 0)] ?? 0;
  }
}
