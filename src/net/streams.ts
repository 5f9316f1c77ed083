import { Buffers } from "../bytes/buffers.ts";
import { type Half, NOWHERE, repeats } from "./halves.ts";
import type { Bounds, Packet, TellOnce } from "./packet.ts";
import { directionOf, recordEnding, SIDES, type Stream, timeOf } from "./records.ts";
import type { Room } from "./room.ts";
import { ACK, FIN, type Segment } from "./segment.ts";
import type { NetSink } from "./sink.ts";
import { insertSpan, SPAN_OVERHEAD, type Span, spanCost } from "./spans.ts";

/** Frames of a connection after which bytes that the receiver has are taken for lost by the capture. */
const PATIENCE = 3;

/** Puts the bytes of streams in order, holds what comes too early, and decides when a hole will not fill any more. */
export class Assembler {
  readonly #sink: NetSink;
  readonly #bounds: Bounds;
  readonly #tell: TellOnce;
  /** The packet being read: its place is the `now` of every delivery. */
  readonly #packet: Packet;
  readonly #buffers = new Buffers();
  #held = 0;

  constructor(room: Room) {
    this.#sink = room.sink;
    this.#bounds = room.bounds;
    this.#tell = room.tell;
    this.#packet = room.packet;
  }

  /** What a segment says besides its bytes: acknowledgement and FIN. */
  control(stream: Stream, segment: Segment): void {
    const half = stream.halves[segment.side];
    const peer = stream.halves[segment.side === 0 ? 1 : 0];
    acknowledge(stream, segment);
    half.waited = half.tally.acked > half.next ? half.waited + 1 : 0;
    peer.waited = peer.tally.acked > peer.next ? peer.waited + 1 : 0;
    if ((segment.flags & FIN) !== 0) {
      const place = half.isKnown ? half.place(segment.seq) + segment.length : -1;
      if (half.finAt < 0 && place >= 0) half.endAt(place);
      recordEnding(stream, segment.side, "fin", this.#packet);
    }
  }

  /** The bytes of a segment of a recognised stream. */
  payload(stream: Stream, segment: Segment): void {
    const half = stream.halves[segment.side];
    if (!half.isKnown) half.startAt(segment.seq);
    const at = half.place(segment.seq);
    const end = at + segment.length;
    if (at === NOWHERE || isKeepAlive(half, at, segment.length)) return;
    if (stream.connection !== null && repeats(half, at, end)) half.tally.retransmitted += 1;
    half.measure(at, end);
    if (stream.isMuted) passBy(half, at, end);
    else if (half.held.length === 0 && at <= half.next) this.#inOrder(stream, segment, at, end);
    else this.#outOfOrder(stream, segment, at, end);
  }

  /** Gives up the holes whose bytes the receiver has had for a while, unless this segment fills them. */
  giveUpLost(stream: Stream, segment: Segment): void {
    if (stream.isMuted) return;
    if (isLost(stream, 0, segment)) this.giveUp(stream, 0);
    if (isLost(stream, 1, segment)) this.giveUp(stream, 1);
  }

  /** Whether a stream not yet recognised waits for a beginning that will not come. */
  isHopeless(stream: Stream, segment: Segment): boolean {
    return isLost(stream, 0, segment) || isLost(stream, 1, segment);
  }

  /** Keeps a copy of the segment's bytes at [at, end); false when there is no room for it. */
  hold(half: Half, segment: Segment, at: number, end: number): boolean {
    const { bytes, frame } = this.#packet;
    half.prepareToHold();
    const cost = insertSpan(
      half.held,
      at,
      end,
      { bytes, start: segment.start, captured: segment.captured, frame },
      this.#buffers,
    );
    half.heldCost += cost;
    this.#held += cost;
    if (this.#held > this.#bounds.reassemblyBytes) {
      this.#tell("Too many bytes wait for missing ones: some holes were given up early.", frame);
      return false;
    }
    return !this.#isOver(half);
  }

  /** Forgets what is held up to `end`. */
  drop(half: Half, end: number = Number.POSITIVE_INFINITY): void {
    for (let first = half.held[0]; first !== undefined && first.at < end; first = half.held[0]) {
      this.#take(half, first);
      this.#buffers.giveBack(first.bytes);
    }
  }

  /** Delivers what is held in both directions without waiting for anything: earlier frames first. */
  flush(stream: Stream): void {
    for (;;) {
      const first = stream.halves[0].held[0];
      const second = stream.halves[1].held[0];
      if (first === undefined && second === undefined) return;
      const side = first !== undefined && (second === undefined || first.frame < second.frame) ? 0 : 1;
      this.giveUp(stream, side);
    }
  }

  /** Delivers what is held without a hole before it, earlier frames first. */
  drainBoth(stream: Stream): void {
    const first = stream.halves[0].held[0];
    const second = stream.halves[1].held[0];
    if (first === undefined && second === undefined) return;
    const side = first !== undefined && (second === undefined || first.frame < second.frame) ? 0 : 1;
    this.#drain(stream, side);
    this.#drain(stream, side === 0 ? 1 : 0);
  }

  /** The last word on a recognised stream. */
  finish(stream: Stream): void {
    const { connection } = stream;
    if (connection === null) return;
    this.flush(stream);
    for (const side of SIDES) {
      const half = stream.halves[side];
      if (half.tally.acked > half.next) this.#gap(stream, side, half.tally.acked);
    }
    connection.closed ??= { by: "capture", how: "capture", frame: null, time: timeOf(this.#packet) };
    this.#sink.finished(connection);
  }

  #inOrder(stream: Stream, segment: Segment, at: number, end: number): void {
    const half = stream.halves[segment.side];
    if (end <= half.next) return;
    const from = segment.start + Math.min(half.next - at, segment.captured);
    const { bytes, frame } = this.#packet;
    this.#deliver(stream, segment.side, bytes, from, segment.start + segment.captured, end, frame);
  }

  #outOfOrder(stream: Stream, segment: Segment, at: number, end: number): void {
    const half = stream.halves[segment.side];
    if (end <= half.next) return;
    const from = Math.max(at, half.next);
    const skipped = Math.min(from - at, segment.captured);
    segment.start += skipped;
    segment.captured -= skipped;
    const fits = this.hold(half, segment, from, end);
    this.#drain(stream, segment.side);
    if (fits) return;
    while (half.held.length > 0 && this.#isOver(half)) this.giveUp(stream, segment.side);
  }

  #isOver(half: Half): boolean {
    const { length } = half.held;
    if (length > this.#bounds.outOfOrderSegments) return true;
    if (half.heldCost - length * SPAN_OVERHEAD > this.#bounds.outOfOrderBytes) return true;
    return this.#held > this.#bounds.reassemblyBytes;
  }

  /** The bytes before the first held ones will not come any more. */
  giveUp(stream: Stream, side: 0 | 1): void {
    const first = stream.halves[side].held[0];
    if (first === undefined) return;
    this.#gap(stream, side, first.at);
    this.#drain(stream, side);
  }

  #drain(stream: Stream, side: 0 | 1): void {
    const half = stream.halves[side];
    for (let first = half.held[0]; first !== undefined && first.at <= half.next; first = half.held[0]) {
      this.#take(half, first);
      if (!stream.isMuted) this.#deliver(stream, side, first.bytes, 0, first.bytes.length, first.end, first.frame);
      this.#buffers.giveBack(first.bytes);
    }
  }

  #take(half: Half, first: Span): void {
    half.held.shift();
    half.heldCost -= spanCost(first);
    this.#held -= spanCost(first);
  }

  /** Hands on `bytes[start, end)` and reports what a snap length cut off before `reach`. */
  #deliver(
    stream: Stream,
    side: 0 | 1,
    bytes: Uint8Array,
    start: number,
    end: number,
    reach: number,
    frame: number,
  ): void {
    const { connection } = stream;
    if (connection === null) return;
    const half = stream.halves[side];
    const offset = half.next;
    half.next = offset + (end - start);
    half.waited = 0;
    if (end > start) {
      const goesOn = this.#sink.data(
        connection,
        directionOf(stream, side),
        bytes,
        start,
        end,
        offset,
        frame,
        this.#packet,
      );
      if (!goesOn) this.#mute(stream);
    }
    if (half.next >= reach) return;
    if (!stream.isMuted) half.tally.cut += reach - half.next;
    this.#gap(stream, side, reach);
  }

  #mute(stream: Stream): void {
    stream.isMuted = true;
    for (const half of stream.halves) {
      const first = half.held[0];
      if (first !== undefined && half.missesWhatPeerHas) half.tally.lost += first.at - half.next;
      this.drop(half);
    }
  }

  #gap(stream: Stream, side: 0 | 1, reach: number): void {
    const { connection } = stream;
    const half = stream.halves[side];
    const length = reach - half.next;
    if (connection === null || length <= 0) return;
    const direction = directionOf(stream, side);
    half.next = reach;
    half.waited = 0;
    if (stream.isMuted) return;
    half.tally.lost += length;
    this.#sink.gap(connection, direction, length);
  }
}

/** What the sender of a segment has received. */
export function acknowledge({ halves }: Stream, { side, flags, ack }: Segment): void {
  if ((flags & ACK) !== 0) halves[side === 0 ? 1 : 0].acknowledge(ack);
}

function isLost(stream: Stream, side: 0 | 1, segment: Segment): boolean {
  const half = stream.halves[side];
  if (half.waited < PATIENCE || !half.missesWhatPeerHas) return false;
  const at = side === segment.side && segment.length > 0 ? half.place(segment.seq) : NOWHERE;
  return !(at <= half.next && at + segment.length > half.next);
}

/** Bytes that nobody reads: a hole in them may be where an answer was that somebody still waits for. */
function passBy(half: Half, at: number, end: number): void {
  half.tally.lost += Math.max(0, at - half.next);
  half.next = Math.max(half.next, end);
}

/** RFC 9293 section 3.8.4: the last byte once more, or none, to see whether the other side still lives. */
function isKeepAlive(half: Half, at: number, length: number): boolean {
  return length <= 1 && at === half.tally.seen - 1;
}
