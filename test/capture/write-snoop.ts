import { Bytes, concat } from "./build.ts";
import type { WrittenFrame } from "./written.ts";

/** RFC 1761's numbers of the link types that other formats can name, too. */
const networks: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [6, 2],
  [10, 8],
]);

export interface SnoopOptions {
  readonly version?: number;
  /** In place of the number that the first frame's link type asks for. */
  readonly network?: number;
  /** Bytes behind every frame, before the padding to four. */
  readonly trailer?: Uint8Array;
  /** Cumulative drops, by index of the frame. */
  readonly drops?: (index: number) => number;
}

export function snoopHeader(version: number, network: number): Uint8Array {
  const magic = new TextEncoder().encode("snoop\0\0\0");
  return concat([magic, new Bytes("big").u32(version, network).done()]);
}

export function snoopRecord(frame: WrittenFrame, drops = 0, trailer: Uint8Array = new Uint8Array(0)): Uint8Array {
  const { seconds, nanos, bytes, wireLength = bytes.length } = frame;
  const length = 24 + bytes.length + trailer.length;
  const padding = (4 - (length % 4)) % 4;
  const header = new Bytes("big").u32(wireLength, bytes.length, length + padding, drops, seconds, nanos / 1000);
  return header.raw(bytes).raw(trailer).raw(new Uint8Array(padding)).done();
}

/** A snoop file (RFC 1761) of frames of one link type; times are cut to microseconds. */
export function writeSnoop(frames: readonly WrittenFrame[], options: SnoopOptions = {}): Uint8Array {
  const { version = 2, network = networks.get(frames[0]?.linkType ?? 1) ?? 4, drops = () => 0 } = options;
  const records = frames.map((frame, index) => snoopRecord(frame, drops(index), options.trailer));
  return concat([snoopHeader(version, network), ...records]);
}
