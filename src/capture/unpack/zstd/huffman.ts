import { Damage } from "../damage.ts";
import { BackwardBits } from "./bits.ts";
import { parseFse } from "./fse.ts";

const LONGEST_CODE = 11;
const LARGEST_WEIGHT_LOG = 6;

/** A Huffman table: for each possible run of `log` bits the symbol, and above it the length of its code. */
export interface HuffmanTable {
  readonly log: number;
  readonly cells: Uint16Array;
}

export interface ParsedHuffman {
  readonly table: HuffmanTable;
  readonly end: number;
}

/** Reads the description of a tree (RFC 8878 4.2.1) at `from`; its bytes must end before `to`. */
export function parseHuffman(view: DataView, from: number, to: number): ParsedHuffman {
  if (from >= to) throw new Damage("a Huffman tree without description");
  const header = view.getUint8(from);
  const isDirect = header >= 128;
  const end = from + 1 + (isDirect ? (header - 126) >> 1 : header);
  if (end > to) throw new Damage("a Huffman tree beyond its block");
  const weights = new Uint8Array(256);
  const count = isDirect
    ? directWeights(view, from + 1, header - 127, weights)
    : fseWeights(view, from + 1, end, weights);
  return { table: tableOf(weights, count), end };
}

function directWeights(view: DataView, from: number, count: number, weights: Uint8Array): number {
  for (let at = 0; at < count; at++) {
    const pair = view.getUint8(from + (at >> 1));
    weights[at] = at % 2 === 0 ? pair >> 4 : pair & 15;
  }
  return count;
}

/** Two interleaved streams of states; the last states are told when no bits are left (RFC 8878 4.2.1.2). */
function fseWeights(view: DataView, from: number, to: number, weights: Uint8Array): number {
  const { table, end } = parseFse(view, from, to, LARGEST_WEIGHT_LOG);
  const bits = new BackwardBits(view, end, to);
  let state = bits.read(table.log);
  let other = bits.read(table.log);
  if (bits.left < 0) throw new Damage("a Huffman tree without weights");
  for (let count = 0; count < 254; ) {
    weights[count++] = table.symbols[state] ?? 0;
    const next = (table.next[state] ?? 0) + bits.read(table.bits[state] ?? 0);
    if (bits.left < 0) {
      weights[count++] = table.symbols[other] ?? 0;
      return count;
    }
    state = other;
    other = next;
  }
  throw new Damage("a Huffman tree of too many weights");
}

/** The last weight is not written: it fills the tree. */
function tableOf(weights: Uint8Array, count: number): HuffmanTable {
  let sum = 0;
  for (const weight of weights) {
    if (weight > LONGEST_CODE) throw new Damage("a Huffman code that is too long");
    if (weight > 0) sum += 1 << (weight - 1);
  }
  const log = sum === 0 ? 0 : 32 - Math.clz32(sum);
  const left = (1 << log) - sum;
  if (log === 0 || log > LONGEST_CODE || (left & (left - 1)) !== 0) throw new Damage("an incomplete Huffman tree");
  weights[count] = 32 - Math.clz32(left);
  return { log, cells: cellsOf(weights, log) };
}

/** Codes in order of weight, then of symbol. */
function cellsOf(weights: Uint8Array, log: number): Uint16Array {
  const cells = new Uint16Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    const cell = (log + 1 - weight) << 8;
    for (let symbol = 0; symbol < 256; symbol++) {
      if (weights[symbol] !== weight) continue;
      const end = at + (1 << (weight - 1));
      cells.fill(cell | symbol, at, end);
      at = end;
    }
  }
  return cells;
}

/** A stretch of a buffer. */
export interface Stretch {
  readonly view: DataView;
  readonly from: number;
  readonly to: number;
}

/** Decodes one stream into `out`, which it must fill exactly. */
export function decodeHuffman({ log, cells }: HuffmanTable, { view, from, to }: Stretch, out: Uint8Array): void {
  const mask = (1 << log) - 1;
  const end = out.length;
  let { left } = new BackwardBits(view, from, to);
  let at = 0;
  for (; at < end && left >= log; at++) {
    const place = left - log;
    const cell = cells[(view.getUint32(from + (place >>> 3), true) >>> (place & 7)) & mask] ?? 0;
    out[at] = cell;
    left -= cell >>> 8;
  }
  for (; at < end && left > 0; at++) {
    const cell = cells[(view.getUint32(from, true) << (log - left)) & mask] ?? 0;
    out[at] = cell;
    left -= cell >>> 8;
  }
  if (at !== end || left !== 0) throw new Damage("literals that do not fit their size");
}
