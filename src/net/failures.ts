import { endpointOf } from "./endpoints.ts";
import type { FlowBook } from "./flow-book.ts";
import { ADDRESS_0, ADDRESS_1, VERSION_6 } from "./flows.ts";
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
    if (this.#repeated.size > 0) this.#repeated.delete(row);
  }

  refused(row: number): void {
    if (this.#isOfStranger(row)) return;
    const { frame, seconds, nanos } = this.#room.packet;
    const first = this.#book.firstFrame(row);
    const repeated = this.#repeatedOf(row);
    const frames = repeated === undefined ? [first, frame] : [first, ...repeated, frame];
    this.#tell(row, "refused", frames, { seconds, nanos });
  }

  unanswered(row: number): void {
    if (this.#isOfStranger(row)) return;
    const first = this.#book.firstFrame(row);
    const repeated = this.#repeatedOf(row);
    const frames = repeated === undefined ? [first] : [first, ...repeated];
    this.#tell(row, "unanswered", frames, this.#book.lastTime(row));
  }

  /** In a flood or a scan nobody wants to hear of every forged address: it is not even spelled. */
  #isOfStranger(row: number): boolean {
    const book = this.#book;
    const version = book.has(row, VERSION_6) ? 6 : 4;
    const client = book.word(row, book.clientSide(row) === 0 ? ADDRESS_0 : ADDRESS_1);
    if (this.#room.addresses.mayBeKnown(version, client) || !this.#room.sink.failedOfStranger()) return false;
    this.forget(row);
    return true;
  }

  #repeatedOf(row: number): readonly number[] | undefined {
    return this.#repeated.size > 0 ? this.#repeated.get(row) : undefined;
  }

  #tell(
    row: number,
    how: "refused" | "unanswered",
    frames: readonly number[],
    lastTime: { readonly seconds: number; readonly nanos: number },
  ): void {
    const { addresses, sink } = this.#room;
    const client = this.#book.clientSide(row);
    this.forget(row);
    sink.failed({
      client: endpointOf(this.#book, row, client, addresses),
      server: endpointOf(this.#book, row, client === 0 ? 1 : 0, addresses),
      how,
      frames,
      firstTime: this.#book.firstTime(row),
      lastTime,
    });
  }
}
