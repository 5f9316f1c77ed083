import { Damage } from "../damage.ts";
import type { Output, Packed } from "../packed.ts";
import { foreignBytes, type Method, wrongChecksum } from "../unpacker.ts";
import { ForwardBits } from "./bits.ts";
import { readBlock, type SortedBlock } from "./block.ts";

const MAGIC = [0x42, 0x5a, 0x68] as const;
const BLOCK = [0x314159, 0x265359] as const;
const END = [0x177245, 0x385090] as const;
const UNIT = 100_000;
/** Bytes of a block header with the tables of any sensible tool, and of a block's symbols at their longest. */
const HEADER_BYTES = 65_536;
const LONGEST_CODE = 20;
const OUTPUT_PIECE = 65_536;

/**
 * bzip2 (no specification but its source, 1.0.8): stream after stream.
 *
 * Our own: seek-bzip 2.0.0 takes a whole file, unbzip2-stream 1.4.3 brings Node's Buffer and streams along, and neither
 * gives what stands before damage.
 */
export const bzip2: Method = {
  name: "bzip2",
  *decode(packed) {
    const links = new Uint32Array(9 * UNIT);
    for (let streams = 0; yield* isStream(packed, streams); streams++) yield* stream(packed, links);
  },
};

function* isStream(packed: Packed, streams: number): Generator<null, boolean> {
  yield* packed.zeros();
  if (!(yield* packed.has(1))) return false;
  const { pieces } = packed;
  if (yield* packed.has(4)) {
    const level = pieces.view.getUint8(pieces.at + 3) - 0x30;
    const isMagic = MAGIC.every((byte, at) => pieces.view.getUint8(pieces.at + at) === byte);
    if (isMagic && level >= 1 && level <= 9) return true;
    if (streams === 0) throw new Damage("an unknown block size");
  }
  packed.report({ text: foreignBytes("bzip2") });
  return false;
}

function* stream(packed: Packed, links: Uint32Array): Output {
  yield* packed.skip(3);
  const largest = ((yield* packed.byte()) - 0x30) * UNIT;
  const reach = HEADER_BYTES + Math.ceil((largest * LONGEST_CODE) / 8);
  let areRight = true;
  // Blocks begin at any bit.
  for (let bit = 0; ; ) {
    yield* packed.has(reach);
    const { pieces } = packed;
    const bits = new ForwardBits(pieces.bytes.subarray(pieces.at, Math.min(pieces.limit, pieces.at + reach)), bit);
    const magic = [bits.read(24), bits.read(24)];
    const isEnd = magic[0] === END[0] && magic[1] === END[1];
    if (!isEnd && (magic[0] !== BLOCK[0] || magic[1] !== BLOCK[1])) throw new Damage("neither a block nor the end");
    const checksum = bits.read(16) * 0x10000 + bits.read(16);
    const block = isEnd ? null : readBlock(bits, largest, links);
    const used = isEnd ? Math.ceil(bits.at / 8) : bits.at >>> 3;
    bit = bits.at & 7;
    if (used > 0) yield* packed.skip(used);
    if (block === null) break;
    const sum = yield* unsorted(block);
    areRight &&= sum === checksum;
  }
  if (!areRight) packed.report({ text: wrongChecksum("bzip2") });
}

/** The bytes in their order; behind four equal ones stands how often that one comes again. Gives their checksum. */
function* unsorted({ length, first, links }: SortedBlock): Generator<Uint8Array, number> {
  const output = new Uint8Array(OUTPUT_PIECE);
  let at = 0;
  let crc = -1;
  let before = -1;
  let equal = 0;
  let link = links[first] ?? 0;
  for (let left = length; left > 0; left--) {
    link = links[link >>> 8] ?? 0;
    const byte = link & 0xff;
    const repeats = equal === 4 ? byte : 1;
    const value = equal === 4 ? before : byte;
    equal = equal === 4 ? 0 : byte === before ? equal + 1 : 1;
    before = equal === 0 ? -1 : byte;
    for (let done = 0; done < repeats; done++) output[at++] = value;
    if (at < OUTPUT_PIECE - 256 && left > 1) continue;
    const piece = output.subarray(0, at);
    crc = checksumOf(piece, crc);
    at = 0;
    yield piece;
  }
  return ~crc >>> 0;
}

/** CRC-32 with the highest bit first. */
function checksumOf(bytes: Uint8Array, start: number): number {
  let crc = start;
  for (let at = 0; at < bytes.length; at++) crc = (crc << 8) ^ (table[(crc >>> 24) ^ (bytes[at] ?? 0)] ?? 0);
  return crc;
}

const POLYNOMIAL = 0x04c11db7;
const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? POLYNOMIAL : 0);
  return crc;
});
