import type { Span } from "./spans.ts";
import { Tally } from "./tally.ts";

/** No window is larger (RFC 7323): bytes farther away belong to another connection. */
const FARTHEST = 2 ** 30;
const SIZES = 8;
/** Below every offset, and a small integer: NaN would make all arithmetic on offsets one of boxed numbers. */
export const NOWHERE = -(2 ** 31);

interface Size {
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
  /** Of the segments that may become the largest acknowledged one the first; its end is 0 where there is none. */
  sizeAt = 0;
  sizeEnd = 0;
  /** The others: by offset, each longer than the one before. */
  private longer: Size[] = NO_SIZES;

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
    this.sizeAt = 0;
    this.sizeEnd = 0;
    this.longer = NO_SIZES;
  }

  /** Nothing waits here but for one segment, at most, to be acknowledged. */
  get isAtRest(): boolean {
    return this.held.length === 0 && this.waited === 0 && this.longer.length === 0;
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
    const { tally } = this;
    const place = this.place(ack);
    const offset = this.finAt >= 0 ? Math.min(place, this.finAt) : place;
    if (offset <= tally.acked) return;
    tally.acked = offset;
    if (this.sizeEnd > 0) this.forgetAcked(offset);
  }

  private forgetAcked(offset: number): void {
    const { tally } = this;
    while (this.sizeEnd > 0 && this.sizeEnd <= offset) {
      tally.largestAcked = Math.max(tally.largestAcked, this.sizeEnd - this.sizeAt);
      this.forgetFirst();
    }
  }

  /** A segment at [at, end): when it is sent again in smaller pieces, its own size proves nothing any more. */
  measure(at: number, end: number): void {
    const { tally } = this;
    const size = end - at;
    if (end > tally.seen) tally.seen = end;
    if (size > tally.largestSegment) tally.largestSegment = size;
    if (this.sizeEnd > 0) this.forgetResent(at, end);
    if (size <= tally.largestAcked || end <= tally.acked) return;
    if (this.sizeEnd === 0) {
      this.sizeAt = at;
      this.sizeEnd = end;
    } else if (size > this.longest) this.addLonger(at, end);
  }

  private get longest(): number {
    const last = this.longer[this.longer.length - 1];
    return last === undefined ? this.sizeEnd - this.sizeAt : last.end - last.at;
  }

  private addLonger(at: number, end: number): void {
    if (this.longer.length + 1 >= SIZES) this.forgetFirst();
    if (this.longer === NO_SIZES) this.longer = [{ at, end }];
    else this.longer.push({ at, end });
  }

  private forgetFirst(): void {
    const next = this.longer.shift();
    this.sizeAt = next?.at ?? 0;
    this.sizeEnd = next?.end ?? 0;
    if (this.longer.length === 0) this.longer = NO_SIZES;
  }

  private forgetResent(at: number, end: number): void {
    if (this.longer.length > 0) this.longer = this.longer.filter((x) => x.at >= end || x.end <= at);
    if (this.sizeAt < end && this.sizeEnd > at) this.forgetFirst();
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
