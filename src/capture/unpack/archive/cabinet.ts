import { limits } from "../../../bytes/limits.ts";
import type { ByteRange } from "../../reader.ts";
import { cutShort, Damage } from "../damage.ts";
import { type Method, wrongChecksum } from "../unpacker.ts";
import { type Archive, type CabinetCoding, type Coding, type Member, viewOf } from "./member.ts";

/** [MS-CAB] 2.1 to 2.5 */
const HEADER = 36;
const FOLDER = 8;
const FILE = 16;
const flag = { previous: 1, next: 2, reserve: 4 } as const;
const method = { stored: 0, mszip: 1 } as const;
const BLOCK_BYTES = 32_768;
/** What a block may be packed into, and what a repetition may reach back to. */
const PACKED_BLOCK_BYTES = BLOCK_BYTES + 6_144;
const NAME_BYTES = 256;

/** Event traces, in the cabinet that `netsh trace stop` leaves. */
export const isTraceName = (name: string): boolean => /\.etl$/i.test(name);

/**
 * A cabinet, of `makecab` or of `netsh trace stop`. The latter holds some fifty files about the machine, many of them
 * private: what is wrong with others than event traces is told without their names.
 */
export const cabinet: Archive = {
  *members(size, report) {
    const directory = yield* readDirectory(size);
    if (directory === null) {
      report({ text: "the header of the cabinet is cut short or damaged" });
      return [];
    }
    const { view, files, folders } = directory;
    const members: Member[] = [];
    let sealed: string | null = null;
    let at = files.from;
    for (let left = files.count; left > 0; left--) {
      if (members.length >= limits.archiveMembers) {
        report({ text: `the cabinet has more than ${limits.archiveMembers} files; the rest was not looked at` });
        break;
      }
      const name = at + FILE <= view.byteLength ? nameAt(view, at + FILE) : null;
      if (name === null) {
        report({ text: "the directory of the cabinet is cut short or damaged; what stands before was read" });
        break;
      }
      const folder = folders[view.getUint16(at + 8, true)];
      const from = Math.min(folder?.from ?? size, size);
      const packedSize = size - from;
      const coding = codingOf(folder, view, at);
      if (coding.kind === "unreadable" && !isTraceName(name)) sealed = coding.why;
      else members.push({ name, at: from, packedSize, coding });
      at += FILE + name.length + 1;
    }
    if (members.length === 0 && sealed !== null) report({ text: `of its files none can be read: ${sealed}` });
    return members;
  },
};

interface Folder {
  readonly from: number;
  readonly blocks: number;
  readonly method: number;
  readonly reserve: number;
}

interface Directory {
  readonly view: DataView;
  readonly files: { readonly from: number; readonly count: number };
  readonly folders: readonly Folder[];
}

/** All that stands in front of the data: it is short, or the cabinet none of netsh. */
function* readDirectory(size: number): Generator<ByteRange, Directory | null, Uint8Array> {
  const view = viewOf((yield { from: 0, length: Math.min(size, limits.archiveDirectoryBytes) }).slice());
  if (view.byteLength < HEADER) return null;
  const files = { from: view.getUint32(16, true), count: view.getUint16(28, true) };
  const flags = view.getUint16(30, true);
  const reserves = (flags & flag.reserve) !== 0;
  if (reserves && view.byteLength < HEADER + 4) return null;
  const folderReserve = reserves ? view.getUint8(HEADER + 2) : 0;
  const reserve = reserves ? view.getUint8(HEADER + 3) : 0;
  let at = HEADER + (reserves ? 4 + view.getUint16(HEADER, true) : 0);
  const texts = ((flags & flag.previous) === 0 ? 0 : 2) + ((flags & flag.next) === 0 ? 0 : 2);
  for (let left = texts; left > 0; left--) at += (nameAt(view, at)?.length ?? NAME_BYTES) + 1;
  const folders: Folder[] = [];
  for (let left = view.getUint16(26, true); left > 0; left--) {
    if (at + FOLDER > view.byteLength) return null;
    const [from, blocks] = [view.getUint32(at, true), view.getUint16(at + 4, true)];
    folders.push({ from, blocks, method: view.getUint16(at + 6, true) & 15, reserve });
    at += FOLDER + folderReserve;
  }
  return { view, files, folders };
}

function codingOf(folder: Folder | undefined, view: DataView, at: number): Coding {
  if (folder === undefined)
    return { kind: "unreadable", why: "it goes on in another cabinet; unpack them with expand" };
  const { blocks, reserve } = folder;
  if (folder.method > method.mszip) return { kind: "unreadable", why: "it is packed as LZX or Quantum; use expand" };
  const [size, from] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
  return { kind: "cabinet", blocks, reserve, isPacked: folder.method === method.mszip, from, size };
}

/** A text that ends with a zero; null where it does not end. */
function nameAt(view: DataView, at: number): string | null {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + Math.min(at, view.byteLength));
  const end = bytes.subarray(0, NAME_BYTES).indexOf(0);
  return end === -1 ? null : String.fromCharCode(...bytes.subarray(0, end));
}

/** Inflates a whole deflate stream of at most `most` bytes that may repeat bytes of `before`; null where it is none. */
export type InflateBlock = (packed: Uint8Array, before: Uint8Array, most: number) => Uint8Array | null;

/** The data blocks of a folder, one after the other ([MS-CAB] 2.4, [MS-MCI] 2): gives the stretch that is a file's. */
export function cabinetFile({ blocks, reserve, isPacked, from, size }: CabinetCoding, inflate: InflateBlock): Method {
  return {
    name: "cabinet",
    *decode(packed) {
      let before = new Uint8Array(0);
      let at = 0;
      let areRight = true;
      for (let block = 0; block < blocks && at < from + size; block++) {
        const checksum = yield* packed.u32();
        const packedSize = yield* packed.u16();
        const length = yield* packed.u16();
        if (packedSize > PACKED_BLOCK_BYTES || length > BLOCK_BYTES) throw new Damage("a block that is too large");
        const head = Uint8Array.of(packedSize & 0xff, packedSize >> 8, length & 0xff, length >> 8);
        const foreign = sumOf(head) ^ sumOf(yield* packed.take(reserve));
        const data = yield* packed.take(packedSize);
        areRight &&= checksum === 0 || checksum === (foreign ^ sumOf(data)) >>> 0;
        const bytes = isPacked ? unpacked(data, before, inflate) : data.slice();
        if (bytes === null || bytes.length !== length) throw new Damage("a block that does not inflate to its size");
        yield bytes.subarray(Math.max(0, from - at), Math.max(0, from + size - at));
        at += length;
        before = latest(before, bytes);
      }
      if (!areRight) packed.report({ text: wrongChecksum("cabinet") });
      if (at < from + size) throw cutShort();
    },
  };
}

/** As much as a block may repeat. */
function latest(before: Uint8Array<ArrayBuffer>, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.length === BLOCK_BYTES) return bytes;
  const both = new Uint8Array(before.length + bytes.length);
  both.set(before);
  both.set(bytes, before.length);
  return both.slice(-BLOCK_BYTES);
}

/** Each block is a deflate stream behind two letters, and may repeat bytes of the one before. */
function unpacked(data: Uint8Array, before: Uint8Array, inflate: InflateBlock): Uint8Array<ArrayBuffer> | null {
  if (data[0] !== 0x43 || data[1] !== 0x4b) throw new Damage("a block without its signature");
  return inflate(data.subarray(2), before, BLOCK_BYTES)?.slice() ?? null;
}

/** [MS-CAB] 3.1: words of four bytes, little-endian; the last one to three bytes the other way round. */
function sumOf(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  let sum = 0;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) sum ^= view.getUint32(at, true);
  let last = 0;
  for (; at < bytes.length; at++) last = (last << 8) | view.getUint8(at);
  return sum ^ last;
}
