import { Damage } from "../damage.ts";
import type { ForwardBits } from "./bits.ts";
import { HuffmanCodes, readLengths } from "./huffman.ts";

/** Symbols told with one table before the next is chosen. */
const GROUP = 50;
const MOST_TABLES = 6;
/** Two symbols that count repetitions in base 2. */
const RUN_SYMBOLS = 2;

/** The block of a file by Burrows and Wheeler, sorted: where the original begins, and each byte with its successor. */
export interface SortedBlock {
  readonly length: number;
  readonly first: number;
  /** The byte in the low 8 bits, above it the place of the one that follows. */
  readonly links: Uint32Array;
}

/** Decodes a block behind its magic number and checksum, of at most `largest` bytes, with `links` as its memory. */
export function readBlock(bits: ForwardBits, largest: number, links: Uint32Array): SortedBlock {
  if (bits.read(1) === 1) throw new Damage("a block that is randomised, as no tool writes any more");
  const first = bits.read(24);
  const bytes = usedBytes(bits);
  const symbols = bytes.length + RUN_SYMBOLS;
  const tables = bits.read(3);
  const count = bits.read(15);
  if (bytes.length === 0 || tables < 2 || tables > MOST_TABLES || count === 0)
    throw new Damage("a block without tables");
  const selectors = readSelectors(bits, count, tables);
  const codes = Array.from({ length: tables }, () => new HuffmanCodes(readLengths(bits, symbols)));
  const length = readSymbols(bits, { bytes, selectors, codes, largest }, links);
  if (first >= length) throw new Damage("a block that begins behind its end");
  link(links, length);
  return { length, first, links };
}

/** The bytes that occur, told by a map of maps. */
function usedBytes(bits: ForwardBits): Uint8Array {
  const rows = bits.read(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row++) {
    const columns = (rows & (0x8000 >> row)) === 0 ? 0 : bits.read(16);
    for (let column = 0; column < 16; column++) if ((columns & (0x8000 >> column)) !== 0) used.push(row * 16 + column);
  }
  return Uint8Array.from(used);
}

/** Which table each group uses, told by its place in a list of the latest. */
function readSelectors(bits: ForwardBits, count: number, tables: number): Uint8Array {
  const latest = Uint8Array.from({ length: tables }, (_, table) => table);
  const selectors = new Uint8Array(count);
  for (let group = 0; group < count; group++) {
    let place = 0;
    while (bits.read(1) === 1) place++;
    if (place >= tables) throw new Damage("a table that is not there");
    selectors[group] = toFront(latest, place);
  }
  return selectors;
}

function toFront(latest: Uint8Array, place: number): number {
  const value = latest[place] ?? 0;
  latest.copyWithin(1, 0, place);
  latest[0] = value;
  return value;
}

interface Coding {
  readonly bytes: Uint8Array;
  readonly selectors: Uint8Array;
  readonly codes: readonly HuffmanCodes[];
  readonly largest: number;
}

/** The sorted bytes, told by their places in a list of the latest, into `links`; gives how many they are. */
function readSymbols(
  bits: ForwardBits,
  { bytes: latest, selectors, codes, largest }: Coding,
  links: Uint32Array,
): number {
  const end = latest.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  for (const selector of selectors) {
    const table = codes[selector];
    for (let left = GROUP; left > 0 && table !== undefined; left--) {
      const symbol = table.read(bits);
      if (symbol < RUN_SYMBOLS) {
        run += weight << symbol;
        weight *= 2;
        if (run > largest - length) throw new Damage("more bytes than a block may hold");
        continue;
      }
      if (run > 0) links.fill(latest[0] ?? 0, length, length + run);
      length += run;
      run = 0;
      weight = 1;
      if (symbol === end) return length;
      if (length >= largest) throw new Damage("more bytes than a block may hold");
      links[length++] = toFront(latest, symbol - 1);
    }
  }
  throw new Damage("a block without end");
}

/** Undoes the sorting: the n-th of equal bytes in order is the n-th of them as they stand. */
function link(links: Uint32Array, length: number): void {
  const starts = new Uint32Array(257);
  for (let at = 0; at < length; at++) {
    const byte = (links[at] ?? 0) & 0xff;
    starts[byte + 1] = (starts[byte + 1] ?? 0) + 1;
  }
  for (let byte = 0; byte < 256; byte++) starts[byte + 1] = (starts[byte + 1] ?? 0) + (starts[byte] ?? 0);
  for (let at = 0; at < length; at++) {
    const byte = (links[at] ?? 0) & 0xff;
    const place = starts[byte] ?? 0;
    starts[byte] = place + 1;
    links[place] = ((links[place] ?? 0) & 0xff) | (at << 8);
  }
}
