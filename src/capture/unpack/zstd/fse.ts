import { Damage } from "../damage.ts";

/** A decoding table of Finite State Entropy (RFC 8878 4.1): what each state stands for, and which states may follow. */
export interface FseTable {
  /** States are numbers of so many bits. */
  readonly log: number;
  readonly symbols: Uint8Array;
  /** Bits to read, and what to add to them for the next state. */
  readonly bits: Uint8Array;
  readonly next: Uint16Array;
}

/** A table of one state: the symbol repeated for ever. */
export function repeating(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: Uint8Array.of(0), next: Uint16Array.of(0) };
}

export interface ParsedFse {
  readonly table: FseTable;
  /** Where the bytes behind its description begin. */
  readonly end: number;
}

/** Reads the description of a table (RFC 8878 4.1.1) at `from`; its bytes must end before `to`. */
export function parseFse(view: DataView, from: number, to: number, largestLog: number): ParsedFse {
  if (from >= to) throw new Damage("a table without description");
  const log = (view.getUint8(from) & 15) + 5;
  if (log > largestLog) throw new Damage("a table that is too large");
  const counts = new Int16Array(256);
  let bit = 4;
  let symbol = 0;
  const peek = () => {
    if (from + (bit >>> 3) >= to) throw new Damage("a table beyond its block");
    return view.getUint32(from + (bit >>> 3), true) >>> (bit & 7);
  };
  for (let left = 1 << log; left > 0; ) {
    if (symbol > 255) throw new Damage("a table of too many symbols");
    const width = 32 - Math.clz32(left + 1);
    const spare = (1 << width) - 2 - left;
    const value = peek() & ((1 << width) - 1);
    const short = value & ((1 << (width - 1)) - 1);
    bit += short < spare ? width - 1 : width;
    const count = (short < spare ? short : value >= 1 << (width - 1) ? value - spare : value) - 1;
    counts[symbol++] = count;
    left -= Math.abs(count);
    if (count !== 0) continue;
    for (let zeros = 3; zeros === 3; symbol += zeros) {
      zeros = peek() & 3;
      bit += 2;
    }
  }
  const end = from + ((bit + 7) >>> 3);
  if (end > to || symbol > 256) throw new Damage("a table beyond its block");
  return { table: buildFse(counts.subarray(0, symbol), log), end };
}

/** Spreads the symbols over the states (RFC 8878 4.1.1); a count of -1 is a probability below one state. */
export function buildFse(counts: ArrayLike<number>, log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const following = new Uint16Array(counts.length);
  let high = size;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    const count = counts[symbol] ?? 0;
    following[symbol] = Math.abs(count);
    if (count === -1) symbols[--high] = symbol;
  }
  spread(symbols, counts, high);
  const bits = new Uint8Array(size);
  const next = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] ?? 0;
    const number = following[symbol] ?? 0;
    following[symbol] = number + 1;
    const width = log - (31 - Math.clz32(number));
    bits[state] = width;
    next[state] = (number << width) - size;
  }
  return { log, symbols, bits, next };
}

function spread(symbols: Uint8Array, counts: ArrayLike<number>, high: number): void {
  const size = symbols.length;
  const step = (size >> 1) + (size >> 3) + 3;
  let state = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    for (let count = counts[symbol] ?? 0; count > 0; count--) {
      symbols[state] = symbol;
      do state = (state + step) & (size - 1);
      while (state >= high);
    }
  }
}
