import type { Instant } from "../model/time.ts";
import {
  BASE,
  BASE_KNOWN,
  CLIENT_IS_1,
  CLIENT_KNOWN,
  COUNTS,
  FIRST_FRAME,
  FIRST_NANOS,
  FIRST_SECONDS,
  Flows,
  LAST_NANOS,
  LAST_SECONDS,
  META,
  PORTS,
  STATE,
  STREAM,
  UNDECIDED,
  VERSION_6,
} from "./flows.ts";
import type { Packet } from "./packet.ts";
import type { Segment } from "./segment.ts";

/** What the rows of `Flows` mean, in words; for the slow paths, where a flow is new or somebody may want it. */
export class FlowBook {
  readonly flows: Flows;
  readonly #packet: Packet;
  /** Second of the first flow: rows keep 32 bits and count from here. */
  #epoch = Number.NaN;

  constructor(limit: number, seed: number, packet: Packet) {
    this.flows = new Flows(limit, seed);
    this.#packet = packet;
  }

  /** Seconds of the packet being read as rows count them. */
  get now(): number {
    return (this.#packet.seconds - this.#epoch) | 0;
  }

  add(segment: Segment): number {
    if (Number.isNaN(this.#epoch)) this.#epoch = this.#packet.seconds;
    const row = this.flows.add(this.#packet, segment.sport, segment.dport);
    this.initialise(row);
    return row;
  }

  /** Makes the row that of a connection whose first frame is being read. */
  initialise(row: number): void {
    const { rows } = this.flows;
    rows.fill(0, row + LAST_SECONDS, row + COUNTS + 1);
    rows[row + META] = ((rows[row + META] ?? 0) & VERSION_6) | UNDECIDED;
    rows[row + FIRST_FRAME] = this.#packet.frame;
    rows[row + FIRST_SECONDS] = this.now;
    rows[row + FIRST_NANOS] = this.#packet.nanos;
  }

  touch(row: number): void {
    const { rows } = this.flows;
    rows[row + LAST_SECONDS] = this.now;
    rows[row + LAST_NANOS] = this.#packet.nanos;
  }

  /** Frames of each side before recognition; the counts stop at 65 535. */
  count(row: number, side: 0 | 1): void {
    const counts = this.word(row, COUNTS);
    const mine = side === 0 ? counts & 0xffff : counts >>> 16;
    if (mine < 0xffff) this.set(row, COUNTS, counts + (side === 0 ? 1 : 0x10000));
  }

  word(row: number, word: number): number {
    return this.flows.rows[row + word] ?? 0;
  }

  set(row: number, word: number, value: number): void {
    this.flows.rows[row + word] = value;
  }

  state(row: number): number {
    return this.word(row, META) & STATE;
  }

  setState(row: number, state: number): void {
    this.set(row, META, (this.word(row, META) & ~STATE) | state);
  }

  mark(row: number, marks: number): void {
    this.set(row, META, this.word(row, META) | marks);
  }

  has(row: number, mark: number): boolean {
    return (this.word(row, META) & mark) !== 0;
  }

  hasStream(row: number): boolean {
    return this.word(row, STREAM) !== 0;
  }

  knowsBase(row: number, side: number): boolean {
    return this.has(row, BASE_KNOWN << side);
  }

  /** Sequence number of the first byte of `side`; only where `knowsBase`. */
  base(row: number, side: number): number {
    return this.word(row, BASE + side);
  }

  learnBase(row: number, side: number, base: number): void {
    this.set(row, BASE + side, base);
    this.mark(row, BASE_KNOWN << side);
  }

  knowsClient(row: number): boolean {
    return this.has(row, CLIENT_KNOWN);
  }

  clientSide(row: number): 0 | 1 {
    return this.has(row, CLIENT_IS_1) ? 1 : 0;
  }

  learnClient(row: number, side: number): void {
    this.mark(row, CLIENT_KNOWN | (side === 1 ? CLIENT_IS_1 : 0));
  }

  port(row: number, side: 0 | 1): number {
    const ports = this.word(row, PORTS);
    return side === 0 ? ports >>> 16 : ports & 0xffff;
  }

  /** Whole microseconds since the flow's last frame; negative where time goes backwards. */
  idleMicros(row: number): number {
    const seconds = (this.now - this.word(row, LAST_SECONDS)) | 0;
    return seconds * 1_000_000 + Math.trunc((this.#packet.nanos - this.word(row, LAST_NANOS)) / 1000);
  }

  firstTime(row: number): Instant {
    return { seconds: this.word(row, FIRST_SECONDS) + this.#epoch, nanos: this.word(row, FIRST_NANOS) };
  }

  lastTime(row: number): Instant {
    return { seconds: this.word(row, LAST_SECONDS) + this.#epoch, nanos: this.word(row, LAST_NANOS) };
  }
}
