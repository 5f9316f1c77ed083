import type { Sealed } from "../model/link-facts.ts";
import type { Bounds, Packet } from "./packet.ts";
import { i32 } from "./words.ts";

/** Packets looked back at: a mirror port or a layer of the system repeats a packet at once. */
const LOOK_BACK = 16;
/** Far below the time after which any sender would send again (RFC 6298 section 2: a second; DNS clients: more). */
const AT_ONCE_MICROS = 1_000;
const MILLION = 1_000_000;
/** Words of the transport header and what follows it, checksum included, that tell packets apart. */
const WORDS = 5;
/** Odd numbers with bits all over. */
const GOLDEN = 0x9e3779b1;
const SPREAD = 0x85ebca6b;

/**
 * Recognises packets that were captured twice at one point, as mirror ports and Windows traces do: the same addresses,
 * identification, length and first bytes, checksum included, within a millisecond.
 *
 * Certain are those that no sender repeats at once: a SYN, and what the IPv4 header identifies. Of others they are taken
 * for twins only where the certain ones come twice: a sender that repeats itself at once looks the same.
 */
export class Twins implements Sealed {
  count = 0;
  readonly frames: number[] = [];
  readonly #most: number;
  readonly #habit = new Habit();
  /** The two halves of the hashes of packets looked at lately. */
  readonly #lows = new Int32Array(LOOK_BACK);
  readonly #highs = new Int32Array(LOOK_BACK);
  /** How many of the first halves end in each byte: most packets are the only one and need not be looked for. */
  readonly #endings = new Uint8Array(256);
  /** As `microsOf` gives them. */
  readonly #times = new Int32Array(LOOK_BACK);
  #next = 0;

  constructor(bounds: Bounds) {
    this.#most = bounds.framesPerStep;
    this.#endings[0] = LOOK_BACK;
  }

  /** Whether `packet`, at its transport header, was just there already. */
  isTwin(packet: Packet, isCertain: boolean): boolean {
    if (!isCertain && !this.#habit.isKnown) return false;
    const isTwin = this.#isRecent(packet);
    if (isCertain) this.#habit.note(isTwin);
    if (isTwin) this.tally(packet.frame);
    return isTwin;
  }

  /** A twin was left out. */
  tally(frame: number): void {
    this.count++;
    if (this.frames.length < this.#most) this.frames.push(frame);
  }

  #isRecent(packet: Packet): boolean {
    const now = microsOf(packet);
    const { bytes, at, end, src, dst, version, id } = packet;
    let low = Math.imul(src, SPREAD) ^ Math.imul(dst, GOLDEN) ^ id;
    let high = Math.imul(dst ^ (end - at), SPREAD) ^ Math.imul(src ^ version, GOLDEN);
    const stop = Math.min(end, at + WORDS * 4);
    for (let place = at; place < stop; place += 4) {
      const word = i32(bytes, place);
      low = Math.imul(low ^ word, SPREAD);
      low ^= low >>> 15;
      high = Math.imul(((high << 5) | (high >>> 27)) ^ word, GOLDEN);
    }
    if (this.#endings[low & 255] !== 0 && this.#holds(low, high, now)) return true;
    this.#remember(low, high, now);
    return false;
  }

  #holds(low: number, high: number, now: number): boolean {
    for (let slot = 0; slot < LOOK_BACK; slot++) {
      if (this.#lows[slot] !== low || this.#highs[slot] !== high) continue;
      if (isAtOnce(this.#times[slot] ?? 0, now)) return true;
    }
    return false;
  }

  /** In the place of the oldest. */
  #remember(low: number, high: number, now: number): void {
    const slot = this.#next;
    this.#countEnding(this.#lows[slot] ?? 0, -1);
    this.#countEnding(low, 1);
    this.#lows[slot] = low;
    this.#highs[slot] = high;
    this.#times[slot] = now;
    this.#next = (slot + 1) % LOOK_BACK;
  }

  #countEnding(low: number, step: 1 | -1): void {
    const ending = low & 255;
    this.#endings[ending] = (this.#endings[ending] ?? 0) + step;
  }
}

/** Whether a point shows its packets twice, by those of which it is certain: at least every third of them is a twin. */
export class Habit {
  #once = 0;
  #again = 0;

  get isKnown(): boolean {
    return this.#again > 0 && this.#again * 2 >= this.#once;
  }

  /** A packet of which it is certain whether it is a twin. */
  note(isTwin: boolean): void {
    if (isTwin) this.#again++;
    else this.#once++;
  }
}

/** Microseconds in 32 bits, which wrap: for differences of times that lie less than half an hour apart. */
export function microsOf({ seconds, nanos }: { readonly seconds: number; readonly nanos: number }): number {
  return (Math.imul(seconds, MILLION) + ((nanos / 1_000) | 0)) | 0;
}

/** Whether two times, as `microsOf` gives them, are so close that no sender would have sent again. */
export function isAtOnce(before: number, now: number): boolean {
  return Math.abs((now - before) | 0) <= AT_ONCE_MICROS;
}
