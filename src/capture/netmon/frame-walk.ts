import { limits } from "../../bytes/limits.ts";
import type { FileWindow } from "../file-window.ts";
import { IN_A_ROW, isRecord, type RecordShape } from "../resync.ts";
import type { NetmonHeader } from "./header.ts";
import { isKnownMedia } from "./media.ts";

/** No frame was longer on the wire. */
const LARGEST_ORIGINAL = 128 * 1024 * 1024;
const HOUR = 3_600_000_000;
/** Between frames that follow one another, in microseconds. */
const LONGEST_PAUSE = 30 * 24 * HOUR;
const AHEAD = 4 * limits.frameBytes;

/**
 * Goes from frame to frame as they lie in the file, for a file whose table of frames is lost: nothing else marks them,
 * so where no frame can be, the next place is searched at which several follow one another.
 */
export class FrameWalk implements RecordShape {
  readonly header: number;
  readonly longest: number;
  at: number;
  private readonly trailer: number;
  /** The headers of version 1 say little: more is asked of what is searched for. */
  private readonly pause: number;
  private readonly least: number;
  private readonly end: number;
  private delta = 0;
  private isLost = false;
  private lostAt = 0;
  /** Bytes that were passed over before the frame at hand, because they are no frames. */
  gap = 0;

  /** Frames lie in `[from, end)`. */
  constructor({ header, trailer }: NetmonHeader, from: number, end: number) {
    this.header = header;
    this.trailer = trailer;
    this.longest = header + limits.frameBytes + trailer;
    this.pause = header === 8 ? HOUR : 24 * HOUR;
    this.least = header === 8 ? IN_A_ROW : 1;
    this.at = from;
    this.end = end;
  }

  /** Moves `at` to the next frame. `wait`: bytes must be fed first; `none`: there is no other. */
  find(window: FileWindow): "found" | "wait" | "none" {
    for (;;) {
      const end = Math.min(this.end, window.size);
      const needed = Math.min(this.isLost ? IN_A_ROW * this.longest : this.longest, end - this.at);
      if (needed < this.header) return "none";
      const at = window.find(this.at, needed, AHEAD);
      if (at < 0) return "wait";
      if (!this.isLost) {
        if (this.isNear(window.view, at, LONGEST_PAUSE) && this.frameAt(window.view, at) >= 0) return "found";
        this.isLost = true;
        this.lostAt = this.at;
      } else if (this.search(window, at, end)) return "found";
    }
  }

  /** Goes past the frame at hand, to `end`. */
  pass(window: FileWindow, end: number): void {
    if (window.holds(this.at, this.header)) {
      this.delta = this.deltaAt(window.view, window.find(this.at, this.header));
    }
    this.at = end;
    this.gap = 0;
  }

  lengthAt(view: DataView, at: number): number {
    return this.isNear(view, at, this.pause) ? this.frameAt(view, at) : -1;
  }

  private isNear(view: DataView, at: number, pause: number): boolean {
    return Math.abs(this.deltaAt(view, at) - this.delta) <= pause;
  }

  /** Looks through the bytes at hand, as far as all that follows a place can be seen. */
  private search({ view }: FileWindow, from: number, end: number): boolean {
    const limit = Math.min(view.byteLength, from + end - this.at);
    const stop = limit === from + end - this.at ? limit : limit - IN_A_ROW * this.longest + 1;
    for (let at = from; at < stop; at++) {
      if (!isRecord(view, at, limit, this, this.least)) continue;
      this.at += at - from;
      this.isLost = false;
      this.gap = this.at - this.lostAt;
      return true;
    }
    this.at += stop - from;
    return false;
  }

  /** Bytes of the frame at `at`, its header and trailer included; -1 where there can be none. */
  private frameAt(view: DataView, at: number): number {
    const isShort = this.header === 8;
    const original = isShort ? view.getUint16(at + 4, true) : view.getUint32(at + 8, true);
    const captured = isShort ? view.getUint16(at + 6, true) : view.getUint32(at + 12, true);
    if (captured === 0 || captured > original || captured > limits.frameBytes) return -1;
    const length = this.header + captured + this.trailer;
    if (original > LARGEST_ORIGINAL || at + length > view.byteLength) return -1;
    const isKnown = this.trailer === 0 || isKnownMedia(view.getUint16(at + this.header + captured, true));
    return isKnown ? length : -1;
  }

  private deltaAt(view: DataView, at: number): number {
    if (this.header === 8) return view.getUint32(at, true) * 1000;
    return view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  }
}
