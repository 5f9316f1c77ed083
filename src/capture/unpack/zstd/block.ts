import { Damage } from "../damage.ts";
import { PADDING } from "./bits.ts";
import { decodeHuffman, type HuffmanTable, parseHuffman, type Stretch } from "./huffman.ts";
import { type Room, Sequences } from "./sequences.ts";

/** No block is larger, packed or unpacked (RFC 8878 3.1.1.2.4). */
export const BLOCK_BYTES = 128 * 1024;

const literalsKind = { raw: 0, repeated: 1, compressed: 2, treeless: 3 } as const;

/** Decodes the compressed blocks of a frame one after the other: each may lean on tables of those before. */
export class BlockDecoder {
  private readonly block = new Uint8Array(BLOCK_BYTES + PADDING);
  private readonly view = new DataView(this.block.buffer);
  private readonly literals = new Uint8Array(BLOCK_BYTES);
  private literalsLength = 0;
  private readonly sequences = new Sequences(this.view);
  private tree: HuffmanTable | null = null;

  /** A frame begins: nothing of the one before is valid. */
  begin(): void {
    this.tree = null;
    this.sequences.begin();
  }

  /** Decodes one block (RFC 8878 3.1.1.3). */
  decode(packed: Uint8Array, room: Room): void {
    this.block.set(packed);
    this.block.fill(0, packed.length, packed.length + PADDING);
    const from = this.readLiterals(packed.length, room.largest);
    const literals = this.literals.subarray(0, this.literalsLength);
    this.sequences.run({ from, to: packed.length }, literals, room);
  }

  /** The section of literals (RFC 8878 3.1.1.3.1); gives where it ends. */
  private readLiterals(end: number, largest: number): number {
    const { view } = this;
    if (end === 0) throw new Damage("an empty block");
    const first = view.getUint8(0);
    const kind = first & 3;
    const format = (first >> 2) & 3;
    const isPacked = kind === literalsKind.compressed || kind === literalsKind.treeless;
    const header = isPacked ? packedHeader(view, format) : plainHeader(view, format);
    this.literalsLength = header.length;
    if (header.length > largest) throw new Damage("more literals than a block may hold");
    const size = isPacked ? header.packed : kind === literalsKind.raw ? header.length : 1;
    const to = header.bytes + size;
    if (to > end) throw new Damage("literals beyond their block");
    if (kind === literalsKind.raw) this.literals.set(this.block.subarray(header.bytes, to));
    else if (kind === literalsKind.repeated) this.literals.fill(view.getUint8(header.bytes), 0, header.length);
    else this.decodeLiterals(kind, header, to);
    return to;
  }

  private decodeLiterals(kind: number, { bytes, length, streams }: LiteralsHeader, to: number): void {
    let from = bytes;
    if (kind === literalsKind.compressed) {
      const { table, end } = parseHuffman(this.view, from, to);
      this.tree = table;
      from = end;
    }
    if (this.tree === null) throw new Damage("literals without a Huffman tree");
    const out = this.literals.subarray(0, length);
    const stretch = { view: this.view, from, to };
    if (streams === 1) decodeHuffman(this.tree, stretch, out);
    else decodeFour(this.tree, stretch, out);
  }
}

/** Four streams behind a table of the lengths of the first three (RFC 8878 3.1.1.3.1.6). */
function decodeFour(tree: HuffmanTable, { view, from, to }: Stretch, out: Uint8Array): void {
  const part = (out.length + 3) >> 2;
  if (to - from < 6 || part * 3 > out.length) throw new Damage("literals without room for four streams");
  let start = from + 6;
  for (let stream = 0; stream < 4; stream++) {
    const end = stream === 3 ? to : start + view.getUint16(from + stream * 2, true);
    if (end > to) throw new Damage("literals beyond their block");
    const target = out.subarray(stream * part, stream === 3 ? out.length : (stream + 1) * part);
    decodeHuffman(tree, { view, from: start, to: end }, target);
    start = end;
  }
}

interface LiteralsHeader {
  /** Of the header itself. */
  readonly bytes: number;
  /** Of the literals, unpacked and packed. */
  readonly length: number;
  readonly packed: number;
  readonly streams: 1 | 4;
}

function plainHeader(view: DataView, format: number): LiteralsHeader {
  const word = view.getUint32(0, true);
  if (format === 1) return { bytes: 2, length: (word >> 4) & 0xfff, packed: 0, streams: 1 };
  if (format === 3) return { bytes: 3, length: (word >> 4) & 0xfffff, packed: 0, streams: 1 };
  return { bytes: 1, length: (word & 0xff) >> 3, packed: 0, streams: 1 };
}

function packedHeader(view: DataView, format: number): LiteralsHeader {
  const word = view.getUint32(0, true) >>> 4;
  if (format < 2) {
    return { bytes: 3, length: word & 0x3ff, packed: (word >> 10) & 0x3ff, streams: format === 0 ? 1 : 4 };
  }
  if (format === 2) return { bytes: 4, length: word & 0x3fff, packed: word >> 14, streams: 4 };
  return { bytes: 5, length: word & 0x3ffff, packed: (word >> 18) | (view.getUint8(4) << 10), streams: 4 };
}
