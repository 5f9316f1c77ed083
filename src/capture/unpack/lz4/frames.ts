import { cutShort, Damage, refused } from "../damage.ts";
import { History } from "../history.ts";
import type { Output, Packed } from "../packed.ts";
import { isSkippable } from "../skippable.ts";
import { foreignBytes, type Method, wrongChecksum } from "../unpacker.ts";
import { Xxh32 } from "../xxh32.ts";
import { decodeLz4Block } from "./block.ts";

const MAGIC = 0x184d2204;
const LEGACY_MAGIC = 0x184c2102;
const LEGACY_BLOCK = 8 * 1024 * 1024;
const WINDOW = 64 * 1024;
const STORED = 0x80000000;
/** No byte of a block stands for more. */
const MOST_PER_BYTE = 255;

/**
 * lz4 frames (lz4 Frame Format 1.6.4), legacy and skippable ones among them.
 *
 * Our own, since what there is for Node and browsers (lz4js 0.2.0) takes a whole file at once and has no bound on what
 * comes out.
 */
export const lz4: Method = {
  name: "lz4",
  *decode(packed) {
    const history = new History();
    while (yield* isFrame(packed)) {
      const magic = yield* packed.u32();
      if (magic === MAGIC) yield* frame(packed, history);
      else if (magic === LEGACY_MAGIC) yield* legacyFrame(packed, history);
      else yield* packed.skip(yield* packed.u32());
    }
  },
};

/** Whether a frame begins; zeros at the end are padding, anything else is told. */
function* isFrame(packed: Packed): Generator<null, boolean> {
  yield* packed.zeros();
  if (!(yield* packed.has(1))) return false;
  if ((yield* packed.has(4)) && isMagic(packed.pieces.view.getUint32(packed.pieces.at, true))) return true;
  packed.report({ text: foreignBytes("lz4") });
  return false;
}

function isMagic(magic: number): boolean {
  return magic === MAGIC || magic === LEGACY_MAGIC || isSkippable(magic);
}

interface Header {
  readonly hasLinkedBlocks: boolean;
  readonly hasBlockChecksums: boolean;
  readonly hasContentChecksum: boolean;
  readonly largest: number;
}

function* frame(packed: Packed, history: History): Output {
  const { hasLinkedBlocks, hasBlockChecksums, hasContentChecksum, largest } = yield* header(packed);
  const hash = new Xxh32();
  let areRight = true;
  history.begin(hasLinkedBlocks ? WINDOW : 0);
  for (let word = yield* packed.u32(); word !== 0; word = yield* packed.u32()) {
    const size = word % STORED;
    if (size > largest) throw new Damage("a block larger than its frame allows");
    if (!hasLinkedBlocks) history.begin(0);
    const room = Math.min(largest, size * MOST_PER_BYTE);
    history.reserve(room);
    const bytes = yield* packed.upTo(size);
    const isWhole = bytes.length === size;
    // Before anything else moves the bytes.
    const right = hasBlockChecksums && isWhole ? digest(bytes) : null;
    const isDecoded = word >= STORED ? appended(history, bytes) : decodeLz4Block(bytes, history, room);
    const output = history.take();
    if (hasContentChecksum) hash.update(output);
    yield output;
    if (!isWhole) throw cutShort();
    if (!isDecoded) throw new Damage("a block that is none");
    if (hasBlockChecksums && (yield* packed.u32()) !== right) areRight = false;
  }
  if (hasContentChecksum && (yield* packed.u32()) !== hash.digest()) areRight = false;
  if (!areRight) packed.report({ text: wrongChecksum("lz4") });
}

function* header(packed: Packed): Generator<null, Header> {
  yield* packed.need(2);
  const { pieces } = packed;
  const flags = pieces.view.getUint8(pieces.at);
  const largestCode = (pieces.view.getUint8(pieces.at + 1) >> 4) & 7;
  if (flags >> 6 !== 1 || largestCode < 4) throw new Damage("a frame header of an unknown version");
  const optional = ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
  const descriptor = yield* packed.take(2 + optional);
  const checksum = (digest(descriptor) >>> 8) & 0xff;
  if ((yield* packed.byte()) !== checksum) throw new Damage("a frame header with a wrong checksum");
  if ((flags & 1) !== 0) throw refused("it needs a dictionary");
  return {
    hasLinkedBlocks: (flags & 0x20) === 0,
    hasBlockChecksums: (flags & 0x10) !== 0,
    hasContentChecksum: (flags & 4) !== 0,
    largest: 1 << (8 + 2 * largestCode),
  };
}

/** Blocks without an end mark: the frame ends with the file, or where another begins. */
function* legacyFrame(packed: Packed, history: History): Output {
  while (yield* packed.has(1)) {
    yield* packed.need(4);
    const size = packed.pieces.view.getUint32(packed.pieces.at, true);
    if (size === 0 || isMagic(size)) return;
    // What lz4 makes of 8 MiB that it cannot make smaller.
    if (size > LEGACY_BLOCK + LEGACY_BLOCK / 255 + 16) throw new Damage("a block larger than its frame allows");
    packed.pieces.skip(4);
    history.begin(0);
    const room = Math.min(LEGACY_BLOCK, size * MOST_PER_BYTE);
    history.reserve(room);
    const bytes = yield* packed.upTo(size);
    const isWhole = bytes.length === size;
    const isDecoded = decodeLz4Block(bytes, history, room);
    yield history.take();
    if (!isWhole) throw cutShort();
    if (!isDecoded) throw new Damage("a block that is none");
  }
}

function appended(history: History, bytes: Uint8Array): boolean {
  history.append(bytes);
  return true;
}

function digest(bytes: Uint8Array): number {
  const hash = new Xxh32();
  hash.update(bytes);
  return hash.digest();
}
