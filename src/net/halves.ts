import type { Span } from "./spans.ts";

/** No window is larger (RFC 7323): bytes farther away belong to another connection. */
const FARTHEST = 2 ** 30;
const SIZES = 8;

/** One direction of a stream. Offsets are plain numbers and never wrap; only `place` knows of 32 bits. */
export class Half {
  /** Sequence number of offset 0. */
  base = 0;
  isKnown = false;
  /** Offset of the first byte not yet delivered. */
  next = 0;
  /** Bytes behind a hole, or all bytes while nobody knows whose they are: sorted, without overlaps. */
  readonly held: Span[] = [];
  heldCost = 0;
  /** Highest offset in the file, and highest one that the other side acknowledged. */
  seen = 0;
  acked = 0;
  /** Offset of the FIN, or -1. */
  finAt = -1;
  /** Frames of the connection since the other side acknowledged bytes that are not here. */
  waited = 0;
  largestSegment = 0;
  largestAcked = 0;
  /** Segments that may become the largest acknowledged one: by offset, each longer than the one before. */
  readonly #sizes: { readonly at: number; readonly end: number }[] = [];

  startAt(base: number): void {
    this.base = base;
    this.isKnown = true;
  }

  /** The FIN stands at `offset`: an acknowledgement of the FIN itself is none of bytes. */
  endAt(offset: number): void {
    this.finAt = offset;
    this.acked = Math.min(this.acked, offset);
  }

  /** Offset of a sequence number, or NaN where it cannot belong here. */
  place(seq: number): number {
    const distance = (seq - ((this.base + this.next) | 0)) | 0;
    return Math.abs(distance) > FARTHEST ? Number.NaN : this.next + distance;
  }

  acknowledge(ack: number): void {
    if (!this.isKnown) return;
    const place = this.place(ack);
    const offset = this.finAt >= 0 ? Math.min(place, this.finAt) : place;
    if (!(offset > this.acked)) return;
    this.acked = offset;
    while (this.#sizes.length > 0) {
      const first = this.#sizes[0];
      if (first === undefined || first.end > offset) break;
      this.largestAcked = Math.max(this.largestAcked, first.end - first.at);
      this.#sizes.shift();
    }
  }

  /** A segment at [at, end): when it is sent again in smaller pieces, its own size proves nothing any more. */
  measure(at: number, end: number): void {
    const size = end - at;
    this.seen = Math.max(this.seen, end);
    this.largestSegment = Math.max(this.largestSegment, size);
    const sizes = this.#sizes;
    if (at < (sizes.at(-1)?.end ?? 0)) this.#forgetRepeated(at, end);
    if (size <= this.largestAcked || end <= this.acked) return;
    if (size > (sizes.at(-1)?.end ?? 0) - (sizes.at(-1)?.at ?? 0)) {
      if (sizes.length >= SIZES) sizes.shift();
      sizes.push({ at, end });
    }
  }

  /** Whether the other side has bytes that the capture does not, with later ones waiting here. */
  get missesWhatPeerHas(): boolean {
    const first = this.held[0];
    return first !== undefined && first.at > this.next && this.acked >= first.at;
  }

  #forgetRepeated(at: number, end: number): void {
    for (let i = this.#sizes.length - 1; i >= 0; i -= 1) {
      const size = this.#sizes[i];
      if (size !== undefined && size.at < end && size.end > at) this.#sizes.splice(i, 1);
    }
  }
}

/** Whether [at, end) repeats bytes that were delivered or are held. */
export function repeats(half: Half, at: number, end: number): boolean {
  return at < half.next || half.held.some((span) => span.at < end && span.end > at);
}
