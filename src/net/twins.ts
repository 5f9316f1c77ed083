import type { Sealed } from "../model/link-facts.ts";
import type { Bounds, Packet } from "./packet.ts";
import { i32, mix } from "./words.ts";

/** Packets looked back at: a mirror port or a layer of the system repeats a packet at once. */
const LOOK_BACK = 16;
/** Far below the time after which any sender would send again (RFC 6298 section 2: a second; DNS clients: more). */
const AT_ONCE_NANOS = 1_000_000;
const BILLION = 1_000_000_000;
/** Words of the transport header and what follows it, checksum included, that tell packets apart. */
const WORDS = 5;

/**
 * Recognises packets that were captured twice at one point, as mirror ports and Windows traces do: the same addresses,
 * identification, length and first bytes, checksum included, within a millisecond. Where the IP header identifies
 * nothing, a sender that repeats itself at once looks the same: such packets, and those of IPv6, are never twins.
 */
export class Twins implements Sealed {
  count = 0;
  readonly frames: number[] = [];
  readonly #most: number;
  readonly #keys = new Int32Array(LOOK_BACK * 2);
  readonly #times = new Float64Array(LOOK_BACK).fill(Number.NEGATIVE_INFINITY);
  #next = 0;
  /** Second of the capture from which the times count, so that they stay exact. */
  #origin = Number.NaN;

  constructor(bounds: Bounds) {
    this.#most = bounds.framesPerStep;
  }

  /** Whether `packet`, at its transport header, was just there already. */
  isTwin(packet: Packet): boolean {
    if (packet.id === 0) return false;
    if (Number.isNaN(this.#origin)) this.#origin = packet.seconds;
    const now = (packet.seconds - this.#origin) * BILLION + packet.nanos;
    const low = keyOf(packet, packet.src, packet.dst);
    const high = keyOf(packet, packet.dst ^ packet.version, low ^ packet.id);
    for (let slot = 0; slot < LOOK_BACK; slot++) {
      if (this.#keys[slot * 2] !== low || this.#keys[slot * 2 + 1] !== high) continue;
      if (Math.abs(now - (this.#times[slot] ?? 0)) > AT_ONCE_NANOS) continue;
      this.#tally(packet.frame);
      return true;
    }
    this.#keys[this.#next * 2] = low;
    this.#keys[this.#next * 2 + 1] = high;
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % LOOK_BACK;
    return false;
  }

  #tally(frame: number): void {
    this.count++;
    if (this.frames.length < this.#most) this.frames.push(frame);
  }
}

function keyOf({ bytes, at, end }: Packet, first: number, second: number): number {
  let key = mix(first ^ Math.imul(second, 0x9e3779b1)) ^ (end - at);
  const stop = Math.min(end, at + WORDS * 4);
  for (let word = at; word < stop; word += 4) key = mix(key ^ i32(bytes, word));
  return key;
}
