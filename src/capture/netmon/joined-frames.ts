import type { FrameView } from "../../model/frame.ts";
import type { ProblemSink } from "../../model/problem.ts";
import { type EventPacket, newEventPacket } from "../event-packets.ts";
import { EventPieces, newEventPlace } from "../event-pieces.ts";
import type { EventOrigin } from "./net-event.ts";

/**
 * Joins packets that were logged in several events, as Windows up to 8 does, each of which is a frame of its own. A
 * packet has the number of its first frame; those that came after that one wait behind it.
 */
export class JoinedFrames {
  private readonly pieces = new EventPieces();
  private readonly whole = newEventPacket();
  private readonly place = newEventPlace();
  /** By number, of those that wait. */
  private readonly dropped = new Map<number, string>();

  /** Whether nothing waits: a whole frame need not be kept. */
  get isIdle(): boolean {
    return this.pieces.isIdle;
  }

  /** As `EventPieces.take`. */
  take(view: FrameView): boolean {
    if (!this.pieces.take(view)) return false;
    view.dropped = this.dropped.get(view.number) ?? null;
    if (this.dropped.size > 0) this.forget(view.number);
    return true;
  }

  /** Keeps a whole frame until those before it are complete. */
  keep(view: FrameView): void {
    const whole = this.whole;
    whole.bytes = view.bytes;
    whole.start = view.start;
    whole.end = view.end;
    whole.wireLength = view.wireLength;
    whole.linkType = view.linkType;
    this.add(whole, view);
  }

  /** Keeps a piece, which `view` shows. */
  keepPiece(piece: EventPacket, { thread, processor }: EventOrigin, view: FrameView): void {
    this.place.thread = thread;
    this.place.processor = processor;
    this.add(piece, view);
  }

  /** No more will come; `take` may still give some. */
  end(): void {
    this.pieces.end();
  }

  tell(report: ProblemSink): void {
    this.pieces.tell(report);
  }

  private add(packet: EventPacket, view: FrameView): void {
    const { place } = this;
    place.seconds = view.seconds;
    place.nanos = view.nanos;
    place.process = view.process;
    place.point = view.point;
    place.number = view.number;
    if (view.dropped !== null) this.dropped.set(view.number, view.dropped);
    this.pieces.add(packet, place);
  }

  /** Numbers come in order, and of some nothing came. */
  private forget(number: number): void {
    for (const known of this.dropped.keys()) if (known <= number) this.dropped.delete(known);
  }
}
