import { Bytes, concat } from "./build.ts";
import type { WrittenFrame } from "./written.ts";

export type NetmonVersion = "1.1" | "2.0" | "2.1" | "2.2" | "2.3";

/** A frame as Network Monitor can hold it. */
export interface NetmonFrame extends WrittenFrame {
  /** In place of the one that the link type asks for. */
  readonly media?: number;
  /** Row of the table of processes. */
  readonly process?: number;
}

export interface NetmonProcess {
  readonly path: string;
  readonly id: number;
  readonly icon?: number;
}

export interface NetmonOptions {
  readonly version?: NetmonVersion;
  /** When the capture began, in seconds; where absent, the whole second of the first frame. */
  readonly start?: number;
  /** Milliseconds of the start. */
  readonly startMilliseconds?: number;
  readonly processes?: readonly NetmonProcess[];
  readonly comments?: readonly NetmonComment[];
  /** Order of the frames in the file, as indices; the table keeps theirs. */
  readonly onDisk?: readonly number[];
  /** Bytes in front of each frame. */
  readonly gap?: number;
}

export interface NetmonComment {
  readonly frame: number;
  readonly title: string;
  readonly description?: Uint8Array;
}

/** Media types of link types; the others are written as a converted pcap file would. */
const mediaTypes: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [6, 2],
  [10, 3],
  [101, 9],
]);

export function utf16(text: string): Uint8Array {
  return new Bytes().u16(...Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))).done();
}

function mediaOf({ media, linkType = 1 }: NetmonFrame): number {
  return media ?? mediaTypes.get(linkType) ?? 0xe000 + linkType;
}

/** A record: of version 1 to the millisecond, of 2.3 to 100 ns, of the others to the microsecond. */
export function netmonRecord(
  frame: NetmonFrame,
  version: NetmonVersion,
  start: number,
  startMilliseconds = 0,
): Uint8Array {
  const { seconds, nanos, bytes, wireLength = bytes.length, process = 0xffffffff } = frame;
  const micros =
    BigInt(seconds - start) * 1_000_000n + BigInt(Math.floor(nanos / 1000)) - BigInt(startMilliseconds) * 1000n;
  if (version === "1.1") {
    return new Bytes()
      .u32(Number(micros / 1000n))
      .u16(Math.min(wireLength, 0xffff), bytes.length)
      .raw(bytes)
      .done();
  }
  const record = new Bytes().i64(micros).u32(wireLength, bytes.length).raw(bytes);
  if (version >= "2.1") record.u16(mediaOf(frame));
  if (version >= "2.2") record.u32(process);
  if (version >= "2.3") {
    const units = (BigInt(seconds) + 11_644_473_600n) * 10_000_000n + BigInt(Math.floor(nanos / 100));
    record.i64(units).raw([0]);
  }
  return record.done();
}

export function netmonHeader(version: NetmonVersion, start: number, milliseconds: number, media: number): Bytes {
  const [major = 2, minor = 0] = version.split(".").map(Number);
  const date = new Date(start * 1000);
  const day = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDay(), date.getUTCDate()];
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), milliseconds];
  const magic = new TextEncoder().encode(major === 1 ? "RTSS" : "GMBU");
  return new Bytes()
    .raw(magic)
    .raw([minor, major])
    .u16(media, ...day, ...time);
}

/** A Network Monitor file whose start is in UTC, so that times stay what they are where it is read as UTC. */
export function writeNetmon(frames: readonly NetmonFrame[], options: NetmonOptions = {}): Uint8Array {
  const { version = "2.1", start = frames[0]?.seconds ?? 0, startMilliseconds = 0, gap = 0 } = options;
  const onDisk = options.onDisk ?? frames.map((_, index) => index);
  const records = frames.map((frame) => netmonRecord(frame, version, start, startMilliseconds));
  const places: number[] = [];
  let at = 128;
  for (const index of onDisk) {
    at += gap;
    places[index] = at;
    at += records[index]?.length ?? 0;
  }
  const laid = onDisk.map((index) => concat([new Uint8Array(gap).fill(0xfe), records[index] ?? new Uint8Array(0)]));
  const table = tableOf(places);
  const comments = concat((options.comments ?? []).map((comment) => commentBytes(comment, places[comment.frame] ?? 0)));
  const processes = processBytes(options.processes ?? []);
  const behindTable = at + table.length;
  const header = netmonHeader(version, start, startMilliseconds, version >= "2.1" ? 1 : mediaOf(frames[0] ?? NONE))
    .u32(at, table.length, 0, 0)
    .u32(comments.length > 0 ? behindTable : 0, comments.length)
    .u32(processes.length > 0 ? behindTable + comments.length : 0, options.processes?.length ?? 0)
    .done();
  return concat([header, new Uint8Array(128 - header.length), ...laid, table, comments, processes]);
}

function tableOf(places: readonly number[]): Uint8Array {
  const table = new DataView(new ArrayBuffer(4 * places.length));
  for (const [index, place] of places.entries()) table.setUint32(4 * index, place, true);
  return new Uint8Array(table.buffer);
}

const NONE: NetmonFrame = { seconds: 0, nanos: 0, bytes: new Uint8Array(0) };

function commentBytes({ title, description = new Uint8Array(0) }: NetmonComment, place: number): Uint8Array {
  const text = utf16(`${title}\0`);
  return new Bytes().u32(1, place, text.length).raw(text).u32(description.length).raw(description).done();
}

function processBytes(processes: readonly NetmonProcess[]): Uint8Array {
  if (processes.length === 0) return new Uint8Array(0);
  const rows = processes.map(({ path, id, icon = 0 }) => {
    const text = utf16(`${path}\0`);
    const bytes = new Bytes().u32(text.length).raw(text).u32(icon).raw(new Uint8Array(icon).fill(0xcc));
    return bytes
      .u32(id)
      .u16(49152, 0, 88, 0)
      .u32(0)
      .raw([10, 0, 0, 1, ...new Uint8Array(12), 10, 0, 0, 2, ...new Uint8Array(12)])
      .done();
  });
  return concat([new Bytes().u16(0).done(), ...rows]);
}
