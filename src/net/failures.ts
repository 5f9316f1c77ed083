import { endpointsOf } from "./connections.ts";
import type { FlowBook } from "./flow-book.ts";
import type { Room } from "./room.ts";

const SYN_FRAMES = 32;

/** Connections that were never established. */
export class Failures {
  readonly #room: Room;
  readonly #book: FlowBook;
  /** Frames of the second and later SYNs of unanswered connections, by row. */
  readonly #repeated = new Map<number, number[]>();

  constructor(room: Room, book: FlowBook) {
    this.#room = room;
    this.#book = book;
  }

  /** The SYN once more. */
  repeated(row: number): void {
    const { bounds, packet, tell } = this.#room;
    const frames = this.#repeated.get(row);
    if (frames !== undefined) {
      if (frames.length < SYN_FRAMES - 1) frames.push(packet.frame);
    } else if (this.#repeated.size < bounds.repeatedSyns) {
      this.#repeated.set(row, [packet.frame]);
    } else {
      tell("Too many unanswered connections: of some only the first SYN is listed.", packet.frame);
    }
  }

  /** No failure, or not one any more. */
  forget(row: number): void {
    this.#repeated.delete(row);
  }

  refused(row: number): void {
    const { frame, seconds, nanos } = this.#room.packet;
    this.#tell(row, "refused", [...this.#syns(row), frame], { seconds, nanos });
  }

  unanswered(row: number): void {
    this.#tell(row, "unanswered", this.#syns(row), this.#book.lastTime(row));
  }

  #syns(row: number): number[] {
    return [this.#book.firstFrame(row), ...(this.#repeated.get(row) ?? [])];
  }

  #tell(
    row: number,
    how: "refused" | "unanswered",
    frames: readonly number[],
    lastTime: { readonly seconds: number; readonly nanos: number },
  ): void {
    const ends = endpointsOf(this.#book, row, this.#room.addresses);
    const client = this.#book.clientSide(row);
    this.forget(row);
    this.#room.sink.failed({
      client: ends[client],
      server: ends[client === 0 ? 1 : 0],
      how,
      frames,
      firstTime: this.#book.firstTime(row),
      lastTime,
    });
  }
}
