import { ipv6At } from "../bytes/address.ts";
import type { NeighbourSilence } from "../model/connection.ts";
import { dotted } from "./addresses.ts";
import type { Bounds, Packet, TellOnce } from "./packet.ts";
import { isAtOnce, microsOf } from "./twins.ts";
import { i32, u16 } from "./words.ts";

interface Question {
  readonly asker: string;
  readonly target: string;
  readonly frames: number[];
  readonly first: { readonly seconds: number; readonly nanos: number };
  last: { readonly seconds: number; readonly nanos: number };
}

const ARP_REQUEST = 1;
const NOBODY_4 = "0.0.0.0";
const NOBODY_6 = "::";
const SOLICITATION = 135;
const ADVERTISEMENT = 136;

/** ARP (RFC 826) and IPv6 neighbour discovery (RFC 4861): who asked for whom and was not answered. */
export class Neighbours {
  readonly #bounds: Bounds;
  readonly #silent: (silence: NeighbourSilence) => void;
  readonly #tell: TellOnce;
  /** By asker and target, in the order of the first question. */
  readonly #open = new Map<string, Question>();
  /** The keys in `#open` by target. */
  readonly #byTarget = new Map<string, Set<string>>();

  constructor(bounds: Bounds, silent: (silence: NeighbourSilence) => void, tell: TellOnce) {
    this.#bounds = bounds;
    this.#silent = silent;
    this.#tell = tell;
  }

  arp(packet: Packet): void {
    const { bytes, at } = packet;
    if (at + 28 > packet.end || u16(bytes, at + 2) !== 0x0800 || u16(bytes, at + 4) !== 0x0604) return;
    const sender = dotted(i32(bytes, at + 14));
    const target = dotted(i32(bytes, at + 24));
    this.#heard(sender);
    // A sender of 0.0.0.0 probes whether its address is free, and one that asks for itself announces it (RFC 5227).
    const isQuestion = u16(bytes, at + 6) === ARP_REQUEST && sender !== NOBODY_4 && sender !== target;
    if (isQuestion) this.#asked(sender, target, packet);
  }

  /** An ICMPv6 packet from `source`; anything but neighbour discovery is passed over. */
  icmpv6(packet: Packet, source: () => string): void {
    const { bytes, at } = packet;
    const type = bytes[at];
    if ((type !== SOLICITATION && type !== ADVERTISEMENT) || at + 24 > packet.end) return;
    const target = ipv6At(bytes, at + 8);
    const sender = source();
    this.#heard(sender);
    if (type === ADVERTISEMENT) this.#heard(target);
    else if (sender !== NOBODY_6) this.#asked(sender, target, packet);
  }

  expire(now: number): void {
    for (const [key, question] of this.#open) {
      if (Math.abs(now - question.first.seconds) <= this.#bounds.neighbourSeconds) return;
      this.#forget(key, question);
      this.#silent(silenceOf(question));
    }
  }

  end(): void {
    for (const [key, question] of this.#open) {
      this.#forget(key, question);
      this.#silent(silenceOf(question));
    }
  }

  #asked(asker: string, target: string, packet: Packet): void {
    const moment = { seconds: packet.seconds, nanos: packet.nanos };
    const key = `${asker} ${target}`;
    const known = this.#open.get(key);
    if (known === undefined) {
      this.#makeRoom(packet.frame);
      this.#open.set(key, { asker, target, frames: [packet.frame], first: moment, last: moment });
      const keys = this.#byTarget.get(target);
      if (keys === undefined) this.#byTarget.set(target, new Set([key]));
      else keys.add(key);
      return;
    }
    // Nobody asks twice at once (RFC 1122 section 2.3.2.1, RFC 4861 section 10: a second): it was captured twice.
    if (isAtOnce(microsOf(known.last), microsOf(moment))) return;
    known.last = moment;
    if (known.frames.length < this.#bounds.framesPerStep) known.frames.push(packet.frame);
  }

  /** `address` lives: whoever asked for it has, or can have, the answer. */
  #heard(address: string): void {
    const keys = this.#byTarget.get(address);
    if (keys === undefined) return;
    for (const key of keys) this.#open.delete(key);
    this.#byTarget.delete(address);
  }

  #makeRoom(frame: number): void {
    if (this.#open.size < this.#bounds.neighbours) return;
    this.#tell("Too many unanswered ARP or neighbour solicitations at once: the oldest were forgotten.", frame);
    for (const [key, question] of this.#open) {
      this.#forget(key, question);
      return;
    }
  }

  #forget(key: string, question: Question): void {
    this.#open.delete(key);
    const keys = this.#byTarget.get(question.target);
    keys?.delete(key);
    if (keys?.size === 0) this.#byTarget.delete(question.target);
  }
}

function silenceOf(question: Question): NeighbourSilence {
  const { asker, target, frames, first, last } = question;
  return { asker, target, frames, firstTime: first, lastTime: last };
}
