import { limits } from "../../../bytes/limits.ts";
import { Damage, refused } from "../damage.ts";
import { History } from "../history.ts";
import type { Output, Packed } from "../packed.ts";
import { isSkippable } from "../skippable.ts";
import { foreignBytes, type Method, wrongChecksum } from "../unpacker.ts";
import { Xxh64 } from "../xxh64.ts";
import { BLOCK_BYTES, BlockDecoder } from "./block.ts";

const MAGIC = 0xfd2fb528;
const blockKind = { raw: 0, repeated: 1, compressed: 2 } as const;

interface Header {
  readonly window: number;
  /** Bytes of the content, where the frame says how many. */
  readonly content: number | null;
  readonly hasChecksum: boolean;
}

/**
 * Zstandard (RFC 8878): frame after frame, skippable ones among them.
 *
 * Our own, since none that runs on Node 20 and in a browser is sound on forged input: fzstd 0.1.1 spends minutes on a
 * frame of 32 bytes whose lengths nobody adds up and checks no checksum, zstddec 0.3.4 takes its input at once and
 * turns for ever on a damaged block.
 */
export const zstd: Method = {
  name: "zstd",
  *decode(packed) {
    const history = new History();
    const blocks = new BlockDecoder();
    while (yield* isFrame(packed)) {
      const magic = yield* packed.u32();
      if (isSkippable(magic)) yield* packed.skip(yield* packed.u32());
      else yield* frame(packed, history, blocks);
    }
  },
};

/** Whether a frame begins; zeros at the end are padding, anything else is told. */
function* isFrame(packed: Packed): Generator<null, boolean> {
  yield* packed.zeros();
  if (!(yield* packed.has(1))) return false;
  if (yield* packed.has(4)) {
    const magic = packed.pieces.view.getUint32(packed.pieces.at, true);
    if (magic === MAGIC || isSkippable(magic)) return true;
  }
  packed.report({ text: foreignBytes("zstd") });
  return false;
}

function* frame(packed: Packed, history: History, blocks: BlockDecoder): Output {
  const { window, content, hasChecksum } = yield* header(packed);
  const largest = Math.min(window, BLOCK_BYTES);
  const hash = hasChecksum ? new Xxh64() : null;
  let length = 0;
  history.begin(window);
  blocks.begin();
  for (let isLast = false; !isLast; ) {
    const head = (yield* packed.u16()) | ((yield* packed.byte()) << 16);
    isLast = (head & 1) === 1;
    history.reserve(largest);
    yield* block(packed, (head >> 1) & 3, head >> 3, { history, blocks, largest });
    const bytes = history.take();
    hash?.update(bytes);
    length += bytes.length;
    yield bytes;
  }
  const isRight = hash === null || (yield* packed.u32()) === hash.digest();
  if (!isRight || (content !== null && content !== length)) packed.report({ text: wrongChecksum("zstd") });
}

interface Into {
  readonly history: History;
  readonly blocks: BlockDecoder;
  readonly largest: number;
}

/** RFC 8878 3.1.1.2 */
function* block(packed: Packed, kind: number, size: number, { history, blocks, largest }: Into): Generator<null, void> {
  if (size > largest) throw new Damage("a block larger than its frame allows");
  if (kind === blockKind.raw) history.append(yield* packed.take(size));
  else if (kind === blockKind.repeated) history.repeat(yield* packed.byte(), size);
  else if (kind === blockKind.compressed) blocks.decode(yield* packed.take(size), { history, largest });
  else throw new Damage("a block of an unknown kind");
}

/** RFC 8878 3.1.1.1 */
function* header(packed: Packed): Generator<null, Header> {
  const descriptor = yield* packed.byte();
  if ((descriptor & 8) !== 0) throw new Damage("a frame header with a reserved bit");
  const isSingle = (descriptor & 0x20) !== 0;
  const windowDescriptor = isSingle ? 0 : yield* packed.byte();
  if ((yield* number(packed, [0, 1, 2, 4][descriptor & 3] ?? 0)) !== 0) throw refused("it needs a dictionary");
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? Number(isSingle) : 1 << sizeFlag;
  const size = (yield* number(packed, sizeBytes)) + (sizeFlag === 1 ? 256 : 0);
  const base = 2 ** (10 + (windowDescriptor >> 3));
  const window = isSingle ? size : base + (base / 8) * (windowDescriptor & 7);
  if (window > limits.windowBytes)
    throw refused(`it needs a window of ${window} bytes; unpack it with zstd -d --long=31`);
  return { window, content: sizeBytes === 0 ? null : size, hasChecksum: (descriptor & 4) !== 0 };
}

/** Little-endian; of eight bytes as much as a number holds. */
function* number(packed: Packed, bytes: number): Generator<null, number> {
  let value = 0;
  for (let at = 0; at < bytes; at++) value += (yield* packed.byte()) * 2 ** (8 * at);
  return value;
}
