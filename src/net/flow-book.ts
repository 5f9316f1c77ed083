import type { Instant } from "../model/time.ts";
import { BASE, COUNTS, FIRST_FRAME, FIRST_NANOS, FIRST_SECONDS, FlowDetails, SYN_FRAME } from "./flow-details.ts";
import {
  ANSWERED,
  BARE,
  BASE_KNOWN,
  CLIENT_IS_1,
  CLIENT_KNOWN,
  DETAIL,
  Flows,
  FOLDED,
  IGNORED,
  LAST_NANOS,
  LAST_SECONDS,
  LONE,
  META,
  PORTS,
  STATE,
  STREAM,
  SYN_SENT,
  UNDECIDED,
  VERSION_6,
} from "./flows.ts";
import type { Packet } from "./packet.ts";
import type { Segment } from "./segment.ts";

/** A folded row keeps two words where others have these. */
const FIRST_WORD = DETAIL;
const SECOND_WORD = STREAM;
const BOTH_BASES = BASE_KNOWN | (BASE_KNOWN << 1);

/**
 * What the rows of `Flows` mean, in words; for the slow paths, where a flow is new or somebody may want it.
 *
 * Of a million flows most are a SYN that nobody answered or a connection that nobody wants: such a row is folded, which
 * means that it has no details. It is unfolded while one of its packets is read that says something.
 */
export class FlowBook {
  readonly flows: Flows;
  readonly #details: FlowDetails;
  readonly #packet: Packet;
  /** Second of the first flow, -1 before it: rows keep 32 bits and count from here. With NaN, all times would be boxed. */
  #epoch = -1;
  /** Seconds of the packet being read as rows count them. */
  now = 0;

  constructor(limit: number, seed: number, packet: Packet) {
    this.flows = new Flows(limit, seed);
    this.#details = new FlowDetails(limit);
    this.#packet = packet;
  }

  /** To be called with the first packet of every second. */
  turnClock(): void {
    this.now = (this.#packet.seconds - this.#epoch) | 0;
  }

  add(segment: Segment): number {
    if (this.#epoch < 0) {
      this.#epoch = this.#packet.seconds;
      this.turnClock();
    }
    const row = this.flows.add(this.#packet, segment.sport, segment.dport);
    this.flows.rows[row + DETAIL] = this.#details.take();
    this.initialise(row);
    return row;
  }

  remove(row: number): void {
    if (!this.has(row, FOLDED)) this.#details.giveBack(this.word(row, DETAIL));
    this.flows.remove(row);
  }

  /** Makes the row, which is not folded, that of a connection whose first frame is being read. */
  initialise(row: number): void {
    const { rows } = this.flows;
    rows[row + META] = ((rows[row + META] ?? 0) & VERSION_6) | UNDECIDED;
    rows[row + STREAM] = 0;
    const at = this.word(row, DETAIL);
    this.#details.clear(at);
    this.setDetail(row, FIRST_FRAME, this.#packet.frame);
    this.setDetail(row, FIRST_SECONDS, this.now);
    this.setDetail(row, FIRST_NANOS, this.#packet.nanos);
  }

  /** Gives the details back of a row that can do without. */
  fold(row: number): void {
    if (this.word(row, STREAM) !== 0) return;
    const state = this.state(row);
    if (state === SYN_SENT) this.#foldLone(row);
    else if (state === IGNORED) this.#foldBare(row);
  }

  unfold(row: number): void {
    if (!this.has(row, FOLDED)) return;
    const first = this.word(row, FIRST_WORD);
    const second = this.word(row, SECOND_WORD);
    const isLone = this.has(row, LONE);
    this.set(row, META, this.word(row, META) & ~FOLDED);
    const at = this.#details.take();
    this.#details.clear(at);
    this.set(row, DETAIL, at);
    this.set(row, STREAM, 0);
    if (isLone) this.#unfoldLone(row, first, second);
    else {
      this.setDetail(row, BASE, first);
      this.setDetail(row, BASE + 1, second);
    }
  }

  /** A SYN that came again, or with data, needs more than two words. */
  #foldLone(row: number): void {
    const side = this.clientSide(row);
    if (this.detail(row, COUNTS) !== countOf(side)) return;
    this.#keep(row, LONE, this.detail(row, BASE + side), this.detail(row, FIRST_FRAME));
  }

  /** With one base alone known, an answer that was late may still bring the connection to life. */
  #foldBare(row: number): void {
    const known = this.word(row, META) & BOTH_BASES;
    if (known !== 0 && known !== BOTH_BASES) return;
    this.#keep(row, BARE, this.detail(row, BASE), this.detail(row, BASE + 1));
  }

  #keep(row: number, mark: number, first: number, second: number): void {
    this.#details.giveBack(this.word(row, DETAIL));
    this.set(row, FIRST_WORD, first);
    this.set(row, SECOND_WORD, second);
    this.set(row, META, (this.word(row, META) & ~ANSWERED) | mark);
  }

  #unfoldLone(row: number, base: number, frame: number): void {
    const side = this.clientSide(row);
    this.setDetail(row, BASE + side, base);
    this.setDetail(row, FIRST_FRAME, frame);
    this.setDetail(row, SYN_FRAME, frame);
    this.setDetail(row, FIRST_SECONDS, this.word(row, LAST_SECONDS));
    this.setDetail(row, FIRST_NANOS, this.word(row, LAST_NANOS));
    this.setDetail(row, COUNTS, countOf(side));
  }

  touch(row: number): void {
    const { rows } = this.flows;
    rows[row + LAST_SECONDS] = this.now;
    rows[row + LAST_NANOS] = this.#packet.nanos;
  }

  /** Frames of each side before recognition; the counts stop at 65 535. */
  count(row: number, side: 0 | 1): void {
    const counts = this.detail(row, COUNTS);
    const mine = side === 0 ? counts & 0xffff : counts >>> 16;
    if (mine < 0xffff) this.setDetail(row, COUNTS, counts + countOf(side));
  }

  /** A word of the details of a row that is not folded. */
  detail(row: number, word: number): number {
    return this.#details.words[this.word(row, DETAIL) + word] ?? 0;
  }

  setDetail(row: number, word: number, value: number): void {
    this.#details.words[this.word(row, DETAIL) + word] = value;
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

  /** Number of its stream + 1, or 0. */
  stream(row: number): number {
    return this.has(row, FOLDED) ? 0 : this.word(row, STREAM);
  }

  setStream(row: number, value: number): void {
    this.set(row, STREAM, value);
  }

  knowsBase(row: number, side: number): boolean {
    return this.has(row, BASE_KNOWN << side);
  }

  /** Sequence number of the first byte of `side`; only where `knowsBase`. */
  base(row: number, side: number): number {
    return this.detail(row, BASE + side);
  }

  learnBase(row: number, side: number, base: number): void {
    this.setDetail(row, BASE + side, base);
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
    return seconds * 1_000_000 + (((this.#packet.nanos - this.word(row, LAST_NANOS)) / 1000) | 0);
  }

  /** Frame that showed the flow first; of a bare row it is forgotten: 0. */
  firstFrame(row: number): number {
    if (this.has(row, LONE)) return this.word(row, SECOND_WORD);
    return this.has(row, BARE) ? 0 : this.detail(row, FIRST_FRAME);
  }

  /** As `firstFrame`. */
  firstTime(row: number): Instant {
    if (this.has(row, FOLDED)) return this.lastTime(row);
    return { seconds: this.detail(row, FIRST_SECONDS) + this.#epoch, nanos: this.detail(row, FIRST_NANOS) };
  }

  lastTime(row: number): Instant {
    return { seconds: this.word(row, LAST_SECONDS) + this.#epoch, nanos: this.word(row, LAST_NANOS) };
  }
}

/** One frame of a side, as `COUNTS` counts. */
function countOf(side: 0 | 1): number {
  return side === 0 ? 1 : 0x10000;
}
