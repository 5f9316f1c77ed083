import type { Span } from "./spans.ts";
import { Tally } from "./tally.ts";

/** No window is larger (RFC 7323): bytes farther away belong to another connection. */
const FARTHEST = 2 ** 30;
const SIZES = 8;
/** Below every offset, and a small integer: NaN would make all arithmetic on offsets one of boxed numbers. */
export const NOWHERE = -(2 ** 31);

export interface Size {
  readonly at: number;
  readonly end: number;
}

/** Most halves never hold anything: they share one empty list, which nobody may write to. */
const NO_SPANS: Span[] = [];
const NO_SIZES: Size[] = [];

/** One direction of a stream. Offsets are plain numbers and never wrap; only `place` knows of 32 bits. */
export class Half {
  /** Sequence number of offset 0. */
  base = 0;
  isKnown = false;
  /** Offset of the first byte not yet delivered. */
  next = 0;
  /** Bytes behind a hole, or all bytes while nobody knows whose they are: sorted, without overlaps. */
  held: Span[] = NO_SPANS;
  heldCost = 0;
  /** Written here, and read by everybody as soon as there is a connection. */
  tally = new Tally();
  /** Offset of the FIN, or -1. */
  finAt = -1;
  /** Frames of the connection since the other side acknowledged bytes that are not here. */
  waited = 0;
  /** Segments that may become the largest acknowledged one: by offset, each longer than the one before. */
  private sizes: Size[] = NO_SIZES;

  /** Makes it one of which nothing is known but what was counted. */
  renew(tally: Tally): void {
    this.base = 0;
    this.isKnown = false;
    this.next = 0;
    this.held = NO_SPANS;
    this.heldCost = 0;
    this.tally = tally;
    this.finAt = -1;
    this.waited = 0;
    this.sizes = NO_SIZES;
  }

  /** Nothing waits here but for one segment, at most, to be acknowledged. */
  get isAtRest(): boolean {
    return this.held.length === 0 && this.waited === 0 && this.sizes.length <= 1;
  }

  /** The segment that may become the largest acknowledged one, where there is one: of a half at rest. */
  get candidate(): Size | null {
    return this.sizes[0] ?? null;
  }

  set candidate(size: Size | null) {
    this.sizes = size === null ? NO_SIZES : [size];
  }

  /** A list of its own for what is held. */
  prepareToHold(): void {
    if (this.held === NO_SPANS) this.held = [];
  }

  startAt(base: number): void {
    this.base = base;
    this.isKnown = true;
  }

  /** The FIN stands at `offset`: an acknowledgement of the FIN itself is none of bytes. */
  endAt(offset: number): void {
    this.finAt = offset;
    this.tally.acked = Math.min(this.tally.acked, offset);
  }

  /** Offset of a sequence number, or `NOWHERE` where it cannot belong here. */
  place(seq: number): number {
    const distance = (seq - ((this.base + this.next) | 0)) | 0;
    return distance > FARTHEST || distance < -FARTHEST ? NOWHERE : this.next + distance;
  }

  acknowledge(ack: number): void {
    if (!this.isKnown) return;
    const { tally, sizes } = this;
    const place = this.place(ack);
    const offset = this.finAt >= 0 ? Math.min(place, this.finAt) : place;
    if (offset <= tally.acked) return;
    tally.acked = offset;
    if (sizes.length > 0) this.forgetAcked(offset);
  }

  private forgetAcked(offset: number): void {
    const { tally, sizes } = this;
    for (let first = sizes[0]; first !== undefined && first.end <= offset; first = sizes[0]) {
      tally.largestAcked = Math.max(tally.largestAcked, first.end - first.at);
      sizes.shift();
    }
    if (sizes.length === 0) this.sizes = NO_SIZES;
  }

  /** A segment at [at, end): when it is sent again in smaller pieces, its own size proves nothing any more. */
  measure(at: number, end: number): void {
    const { tally } = this;
    const size = end - at;
    if (end > tally.seen) tally.seen = end;
    if (size > tally.largestSegment) tally.largestSegment = size;
    if (this.sizes.length > 0) this.forgetResent(at, end);
    if (size <= tally.largestAcked || end <= tally.acked) return;
    const last = this.sizes[this.sizes.length - 1];
    if (last === undefined) this.sizes = [{ at, end }];
    else if (size > last.end - last.at) {
      if (this.sizes.length >= SIZES) this.sizes.shift();
      this.sizes.push({ at, end });
    }
  }

  private forgetResent(at: number, end: number): void {
    const last = this.sizes[this.sizes.length - 1];
    if (last !== undefined && at < last.end) this.sizes = this.sizes.filter((x) => x.at >= end || x.end <= at);
  }

  /** Whether the other side has bytes that the capture does not, with later ones waiting here. */
  get missesWhatPeerHas(): boolean {
    const first = this.held[0];
    return first !== undefined && first.at > this.next && this.tally.acked >= first.at;
  }
}

/** Whether [at, end) repeats bytes that were delivered or are held. */
export function repeats(half: Half, at: number, end: number): boolean {
  if (at < half.next) return true;
  return half.held.length > 0 && half.held.some((span) => span.at < end && span.end > at);
}
