import { limits } from "../../../bytes/limits.ts";
import type { ProblemSink } from "../../../model/problem.ts";
import type { ByteRange } from "../../reader.ts";
import { type Archive, type Coding, type Member, viewOf } from "./member.ts";

/** Section numbers are those of PKWARE's APPNOTE 6.3.10. */
const signature = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  end64Locator: 0x07064b50,
} as const;
const bytesOf = { local: 30, central: 46, end: 22, end64: 56, end64Locator: 20 } as const;
const LONGEST_COMMENT = 65_535;
const ENCRYPTED = 1;
const SIZES_FOLLOW = 8;
const method = { stored: 0, deflate: 8 } as const;
const IN_EXTRA = 0xffffffff;
const ZIP64_EXTRA = 1;

/** zip with its directory at the end; where that is missing, from front to back. */
export const zip: Archive = {
  *members(size, report) {
    const directory = yield* findDirectory(size);
    const entries = directory === null ? null : yield* readDirectory(directory, report);
    const members = entries === null ? yield* walk(size, report) : yield* locate(entries, size, report);
    return withoutOverlaps(members, report);
  },
};

type Reading<Result> = Generator<ByteRange, Result, Uint8Array>;

/** What a header says of a file, wherever it stands. */
interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where the local header stands. */
  readonly at: number;
}

/** The end of the central directory record (4.3.16), behind which a comment may stand; the last that fits counts. */
function* findDirectory(size: number): Reading<ByteRange | null> {
  const from = Math.max(0, size - LONGEST_COMMENT - bytesOf.end);
  const tail = viewOf(yield { from, length: size - from });
  for (let at = tail.byteLength - bytesOf.end; at >= 0; at--) {
    if (tail.getUint32(at, true) !== signature.end) continue;
    if (at + bytesOf.end + tail.getUint16(at + 20, true) > tail.byteLength) continue;
    const directory = { from: tail.getUint32(at + 16, true), length: tail.getUint32(at + 12, true) };
    const larger = yield* findDirectory64(from + at);
    const { from: start, length } = larger ?? directory;
    return start + length <= from + at ? { from: start, length } : null;
  }
  return null;
}

/** The records of larger archives (4.3.14, 4.3.15) in front of the end; null where there are none. */
function* findDirectory64(end: number): Reading<ByteRange | null> {
  if (end < bytesOf.end64Locator) return null;
  const locator = viewOf(yield { from: end - bytesOf.end64Locator, length: bytesOf.end64Locator });
  if (locator.byteLength < bytesOf.end64Locator || locator.getUint32(0, true) !== signature.end64Locator) return null;
  const at = number64(locator, 8);
  if (at + bytesOf.end64 > end) return null;
  const record = viewOf(yield { from: at, length: bytesOf.end64 });
  if (record.byteLength < bytesOf.end64 || record.getUint32(0, true) !== signature.end64) return null;
  return { from: number64(record, 48), length: number64(record, 40) };
}

/** The central directory (4.3.12); null where it is none. */
function* readDirectory({ from, length }: ByteRange, report: ProblemSink): Reading<readonly Entry[] | null> {
  const kept = Math.min(length, limits.archiveDirectoryBytes);
  const view = kept === 0 ? viewOf(new Uint8Array(0)) : viewOf(yield { from, length: kept });
  const entries: Entry[] = [];
  let at = 0;
  while (at + bytesOf.central <= view.byteLength && view.getUint32(at, true) === signature.central) {
    const next = at + bytesOf.central + [28, 30, 32].reduce((sum, field) => sum + view.getUint16(at + field, true), 0);
    if (next > view.byteLength || entries.length >= limits.archiveMembers) break;
    entries.push(centralEntry(view, at));
    at = next;
  }
  if (at === 0 && length > 0) return null;
  if (at < length)
    report({ text: "the directory of the zip archive is too long or damaged; what stands before was read" });
  return entries;
}

function centralEntry(view: DataView, at: number): Entry {
  const nameBytes = view.getUint16(at + 28, true);
  const entry = {
    name: textAt(view, at + bytesOf.central, nameBytes),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc32: view.getUint32(at + 16, true),
    packedSize: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    at: view.getUint32(at + 42, true),
  };
  const extra = at + bytesOf.central + nameBytes;
  return withExtra(entry, viewWithin(view, extra, view.getUint16(at + 30, true)), ["size", "packedSize", "at"]);
}

/** Numbers that do not fit into 32 bits stand in an extra field, in this order (4.5.3). */
function withExtra(entry: Entry, extra: DataView, order: readonly Large[]): Entry {
  const large: { [field in Large]?: number } = {};
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== ZIP64_EXTRA) continue;
    const end = Math.min(extra.byteLength, at + 4 + extra.getUint16(at + 2, true));
    let place = at + 4;
    for (const field of order) {
      if (entry[field] !== IN_EXTRA || place + 8 > end) continue;
      large[field] = number64(extra, place);
      place += 8;
    }
  }
  return { ...entry, ...large };
}

type Large = "size" | "packedSize" | "at";

/** Files of the directory: their data begins behind their local headers (4.3.7). */
function* locate(entries: readonly Entry[], size: number, report: ProblemSink): Reading<readonly Member[]> {
  const members: Member[] = [];
  for (const entry of entries) {
    if (entry.name.endsWith("/")) continue;
    const from = yield* behindLocalHeader(entry.at, size);
    if (from === null) report({ text: `${entry.name} is not where the directory of the zip archive says` });
    else members.push(memberOf(entry, from, size));
  }
  return members;
}

function* behindLocalHeader(at: number, size: number): Reading<number | null> {
  if (at + bytesOf.local > size) return null;
  const view = viewOf(yield { from: at, length: bytesOf.local });
  if (view.byteLength < bytesOf.local || view.getUint32(0, true) !== signature.local) return null;
  return at + bytesOf.local + view.getUint16(26, true) + view.getUint16(28, true);
}

function memberOf(entry: Entry, at: number, archiveSize: number): Member {
  const packedSize = Math.max(0, Math.min(entry.packedSize, archiveSize - at));
  return { name: entry.name, at, packedSize, coding: codingOf(entry) };
}

function codingOf(entry: Entry): Coding {
  if ((entry.flags & ENCRYPTED) !== 0) return { kind: "unreadable", why: "it is encrypted; unpack it first" };
  const { crc32, size } = entry;
  const checksum = { crc32, size };
  if (entry.method === method.stored) return { kind: "stored", checksum };
  if (entry.method === method.deflate) return { kind: "deflate", checksum };
  return {
    kind: "unreadable",
    why: `it is packed by method ${entry.method}, which is not known here; unpack it first`,
  };
}

/** A cut archive has no directory: its local headers one after the other, as long as they say where the next stands. */
function* walk(size: number, report: ProblemSink): Reading<readonly Member[]> {
  report({
    text: "the zip archive has no directory, so it may be cut short; its files were sought from front to back",
  });
  const members: Member[] = [];
  let at = 0;
  for (let entries = 0; at + bytesOf.local <= size && entries < limits.archiveMembers; entries++) {
    const from = yield* behindLocalHeader(at, size);
    if (from === null || from > size) break;
    const view = viewOf(yield { from: at, length: from - at });
    const entry = localEntry(view, at);
    const member = memberOf(entry, from, size);
    // A file written to a pipe tells its sizes behind itself: where it ends, and another may begin, is not known.
    const isOpen = (entry.flags & SIZES_FOLLOW) !== 0 && entry.packedSize === 0;
    if (isOpen && entry.method !== method.deflate) break;
    if (isOpen) members.push({ ...member, packedSize: size - from, coding: { kind: "deflate", checksum: null } });
    else if (!entry.name.endsWith("/")) members.push(member);
    if (isOpen) break;
    at = from + entry.packedSize;
  }
  return members;
}

function localEntry(view: DataView, at: number): Entry {
  const nameBytes = view.getUint16(26, true);
  const entry = {
    name: textAt(view, bytesOf.local, nameBytes),
    flags: view.getUint16(6, true),
    method: view.getUint16(8, true),
    crc32: view.getUint32(14, true),
    packedSize: view.getUint32(18, true),
    size: view.getUint32(22, true),
    at,
  };
  const extra = bytesOf.local + nameBytes;
  return withExtra(entry, viewWithin(view, extra, view.byteLength - extra), ["size", "packedSize"]);
}

/** Files that lie over one another are no capture's, but a bomb's: a few bytes that unpack again and again. */
function withoutOverlaps(members: readonly Member[], report: ProblemSink): readonly Member[] {
  const inOrder = members.toSorted((a, b) => a.at - b.at);
  const kept = new Set<Member>();
  let end = 0;
  for (const member of inOrder) {
    if (member.at < end) continue;
    kept.add(member);
    end = member.at + member.packedSize;
  }
  if (kept.size < members.length) report({ text: "files of the zip archive that overlap others were left out" });
  return members.filter((member) => kept.has(member));
}

function viewWithin(view: DataView, from: number, length: number): DataView {
  const start = Math.min(from, view.byteLength);
  return new DataView(view.buffer, view.byteOffset + start, Math.max(0, Math.min(length, view.byteLength - start)));
}

function number64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

function textAt(view: DataView, at: number, length: number): string {
  return new TextDecoder().decode(viewWithin(view, at, length));
}
