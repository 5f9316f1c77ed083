import { limits } from "../../../bytes/limits.ts";
import { Damage, refused } from "../damage.ts";
import { History } from "../history.ts";
import type { Output, Packed } from "../packed.ts";
import { foreignBytes, type Method, wrongChecksum } from "../unpacker.ts";
import { type Check, Crc32, Crc64 } from "./checks.ts";
import { Lzma2 } from "./lzma2.ts";

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];
const LZMA2_FILTER = 0x21;
/** Bytes of the check of each block, by its type (.xz specification 2.1.1.2). */
const checkBytes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/**
 * xz (.xz specification 1.2.1) with the filter LZMA2 alone: stream after stream, padding between.
 *
 * Our own: of the libraries, xz-decompress 0.2.3 lets only one file be open at a time (captures are merged), xzwasm
 * 0.1.2 fetches its program, and both stop at the end of the first stream; the rest takes whole files or installs
 * programs.
 */
export const xz: Method = {
  name: "xz",
  *decode(packed) {
    const history = new History();
    while (yield* isStream(packed)) yield* stream(packed, history);
  },
};

function* isStream(packed: Packed): Generator<null, boolean> {
  yield* packed.zeros();
  if (!(yield* packed.has(1))) return false;
  const { pieces } = packed;
  if (yield* packed.has(MAGIC.length)) {
    if (MAGIC.every((byte, at) => pieces.view.getUint8(pieces.at + at) === byte)) return true;
  }
  packed.report({ text: foreignBytes("xz") });
  return false;
}

function* stream(packed: Packed, history: History): Output {
  yield* packed.skip(MAGIC.length);
  const flags = (yield* packed.take(2)).slice();
  if (!same(crcOf(flags), yield* packed.take(4))) throw new Damage("a stream header with a wrong checksum");
  const [reserved = 0, type = 0] = flags;
  if (reserved !== 0 || type > 15) throw refused("its stream header has unknown flags");
  let areRight = true;
  for (let size = yield* packed.byte(); size !== 0; size = yield* packed.byte()) {
    const window = yield* blockHeader(packed, size);
    const check = checkOf(type);
    const start = packed.pieces.offset();
    for (const output of new Lzma2(packed, history, window).decode()) {
      if (output !== null) check?.update(output);
      yield output;
    }
    yield* packed.skip((4 - ((packed.pieces.offset() - start) % 4)) % 4);
    const told = yield* packed.take(checkBytes[type] ?? 0);
    if (check !== null && !same(told, check.digest())) areRight = false;
  }
  if (!areRight) packed.report({ text: wrongChecksum("xz") });
  yield* passIndex(packed);
}

/** A block header behind its first byte (3.1); gives the size of the dictionary. */
function* blockHeader(packed: Packed, size: number): Generator<null, number> {
  const fields = (yield* packed.take(size * 4 - 1)).slice();
  const sum = new Crc32();
  sum.update(Uint8Array.of(size));
  sum.update(fields);
  if (!same(sum.digest(), yield* packed.take(4))) throw new Damage("a block header with a wrong checksum");
  const flags = fields[0] ?? 0;
  let at = 1;
  for (const flag of [0x40, 0x80]) if ((flags & flag) !== 0) at += numberLength(fields, at);
  const [filter = 0, properties = 0, dictionary = 0] = fields.subarray(at);
  const isLzma2 = (flags & 3) === 0 && filter === LZMA2_FILTER && properties === 1 && dictionary <= 40;
  if (!isLzma2) throw refused("it uses a filter that is not known here; unpack it with xz -d");
  const window = dictionary === 40 ? 2 ** 32 - 1 : (2 | (dictionary & 1)) * 2 ** ((dictionary >> 1) + 11);
  if (window > limits.windowBytes) throw refused(`it needs a window of ${window} bytes; unpack it with xz -d`);
  return window;
}

/** Bytes of a number of variable length (1.2). */
function numberLength(fields: Uint8Array, from: number): number {
  let length = 1;
  while (((fields[from + length - 1] ?? 0) & 0x80) !== 0) length++;
  return length;
}

/** The index behind its first byte, and the stream footer: what they say of the blocks is not needed to read them. */
function* passIndex(packed: Packed): Generator<null, void> {
  const start = packed.pieces.offset() - 1;
  const records = yield* number(packed);
  for (let left = records * 2; left > 0; left--) yield* number(packed);
  yield* packed.skip((4 - ((packed.pieces.offset() - start) % 4)) % 4);
  yield* packed.skip(4 + 12);
}

function* number(packed: Packed): Generator<null, number> {
  let value = 0;
  for (let at = 0; at < 9; at++) {
    const byte = yield* packed.byte();
    value += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return value;
  }
  throw new Damage("an index with a number that is too long");
}

/** null: a check that is not verified here, such as SHA-256. */
function checkOf(type: number): Check | null {
  return type === 1 ? new Crc32() : type === 4 ? new Crc64() : null;
}

function crcOf(bytes: Uint8Array): Uint8Array {
  const sum = new Crc32();
  sum.update(bytes);
  return sum.digest();
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
