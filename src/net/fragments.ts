import { Buffers } from "../bytes/buffers.ts";
import type { LostDatagram } from "../model/connection.ts";
import type { Addresses } from "./addresses.ts";
import type { Bounds, Packet, TellOnce } from "./packet.ts";
import { firstBeyond, insertSpan, type Span } from "./spans.ts";
import { u16 } from "./words.ts";

/** Where a fragment belongs, as its IP header says. */
export interface FragmentHeader {
  readonly id: number;
  /** In bytes. */
  readonly offset: number;
  readonly more: boolean;
  /** What the datagram carries; of IPv6 only the first fragment's word counts. */
  readonly protocol: number;
}

interface Datagram {
  readonly spans: Span[];
  readonly frames: number[];
  readonly seconds: number;
  readonly nanos: number;
  readonly src: string;
  readonly dst: string;
  protocol: number;
  /** Length of the whole; -1 until the last fragment came. */
  total: number;
  /** Bytes from the first on without a hole. */
  reached: number;
  cost: number;
}

/** Of a datagram that was handed on, the second of its first fragment: a capture may hold every frame twice. */
type Done = number;

const TWICE_SECONDS = 1;
/** What remembering the number of a frame costs. */
const FRAME_COST = 8;

/** Datagrams of which some fragments came. The oldest leave first, by age or when a limit is reached. */
export class Fragments {
  readonly #addresses: Addresses;
  readonly #bounds: Bounds;
  readonly #lost: (datagram: LostDatagram) => void;
  readonly #tell: TellOnce;
  /** In the order of their first fragments. */
  readonly #waiting = new Map<string, Datagram | Done>();
  readonly #buffers = new Buffers();
  #cost = 0;

  constructor(addresses: Addresses, bounds: Bounds, lost: (datagram: LostDatagram) => void, tell: TellOnce) {
    this.#addresses = addresses;
    this.#bounds = bounds;
    this.#lost = lost;
    this.#tell = tell;
  }

  /**
   * Takes the fragment at `packet[at, end)`. When it completes a datagram, rewrites `packet` to hold the whole of it
   * and returns what it carries, else -1. RFC 791 section 3.2, RFC 8200 section 4.5; of overlapping bytes the first win.
   */
  add(packet: Packet, header: FragmentHeader): number {
    this.expire(packet.seconds);
    const length = packet.end - packet.at + packet.missing;
    const end = header.offset + length;
    if (end > this.#bounds.datagramBytes) {
      this.#tell(
        `A fragment reaches beyond ${this.#bounds.datagramBytes} bytes; such fragments are ignored.`,
        packet.frame,
      );
      return -1;
    }
    const key = this.#key(packet, header);
    const datagram = this.#find(key, packet, header.protocol);
    if (datagram === null) return -1;
    this.#insert(datagram, packet, header, end);
    if (isComplete(datagram)) return this.#complete(key, datagram, packet);
    this.#makeRoom(packet.frame);
    return -1;
  }

  /** Gives up the datagrams whose first fragment is too old. */
  expire(now: number): void {
    for (const [key, datagram] of this.#waiting) {
      const isYoung = isDone(datagram)
        ? Math.abs(now - datagram) <= TWICE_SECONDS
        : Math.abs(now - datagram.seconds) <= this.#bounds.fragmentSeconds;
      if (isYoung) return;
      this.#drop(key, datagram);
    }
  }

  end(): void {
    for (const [key, datagram] of this.#waiting) this.#drop(key, datagram);
  }

  #key(packet: Packet, header: FragmentHeader): string {
    const from = this.#addresses.source(packet);
    const to = this.#addresses.destination(packet);
    return `${from} ${to} ${header.id} ${packet.version === 4 ? header.protocol : ""}`;
  }

  /** Null: it was handed on just now. */
  #find(key: string, packet: Packet, protocol: number): Datagram | null {
    const known = this.#waiting.get(key);
    if (known !== undefined && !isDone(known)) return known;
    if (known !== undefined && Math.abs(packet.seconds - known) <= TWICE_SECONDS) return null;
    this.#waiting.delete(key);
    const datagram: Datagram = {
      spans: [],
      frames: [],
      seconds: packet.seconds,
      nanos: packet.nanos,
      src: this.#addresses.source(packet),
      dst: this.#addresses.destination(packet),
      protocol,
      total: -1,
      reached: 0,
      cost: 0,
    };
    this.#waiting.set(key, datagram);
    return datagram;
  }

  #insert(datagram: Datagram, packet: Packet, header: FragmentHeader, end: number): void {
    const { bytes, at: start, frame } = packet;
    const captured = packet.end - start;
    if (contradicts(datagram.spans, header.offset, packet))
      this.#tell("Fragments overlap and differ: no capture tells what the receiver made of them.", frame);
    let cost = insertSpan(datagram.spans, header.offset, end, { bytes, start, captured, frame }, this.#buffers);
    if (cost > 0) {
      // A fragment out of a tunnel may have come in several frames itself.
      const frames = packet.frames ?? [frame];
      datagram.frames.push(...frames);
      cost += frames.length * FRAME_COST;
    }
    if (header.offset === 0) datagram.protocol = header.protocol;
    if (!header.more && datagram.total < 0) datagram.total = end;
    datagram.cost += cost;
    this.#cost += cost;
  }

  #complete(key: string, datagram: Datagram, packet: Packet): number {
    const whole = joined(datagram.spans);
    packet.bytes = whole;
    packet.at = 0;
    packet.end = whole.length;
    packet.missing = datagram.total - whole.length;
    packet.frames = datagram.frames;
    this.#empty(datagram);
    // It keeps its place in the order.
    this.#waiting.set(key, datagram.seconds);
    return datagram.protocol;
  }

  #empty(datagram: Datagram): void {
    this.#cost -= datagram.cost;
    datagram.cost = 0;
    for (const { bytes } of datagram.spans) this.#buffers.giveBack(bytes);
    datagram.spans.length = 0;
  }

  #makeRoom(frame: number): void {
    for (const [key, datagram] of this.#waiting) {
      if (this.#cost <= this.#bounds.fragmentBytes && this.#waiting.size <= this.#bounds.fragmentDatagrams) return;
      if (!isDone(datagram)) this.#tell("Too many incomplete datagrams at once: the oldest were given up.", frame);
      this.#drop(key, datagram);
    }
  }

  #drop(key: string, datagram: Datagram | Done): void {
    this.#waiting.delete(key);
    if (isDone(datagram)) return;
    const lost = lostDatagram(datagram);
    this.#empty(datagram);
    this.#lost(lost);
  }
}

function isDone(datagram: Datagram | Done): datagram is Done {
  return typeof datagram === "number";
}

/** Whether the fragment says otherwise of a byte than another did. */
function contradicts(spans: readonly Span[], offset: number, { bytes, at, end }: Packet): boolean {
  const reach = offset + end - at;
  for (let number = firstBeyond(spans, offset); number < spans.length; number += 1) {
    const span = spans[number];
    if (span === undefined || span.at >= reach) return false;
    const to = Math.min(span.at + span.bytes.length, reach);
    for (let place = Math.max(span.at, offset); place < to; place += 1) {
      if (span.bytes[place - span.at] !== bytes[at + place - offset]) return true;
    }
  }
  return false;
}

/** Looks on from where the bytes without a hole ended before. */
function isComplete(datagram: Datagram): boolean {
  const { spans, total } = datagram;
  for (let number = firstBeyond(spans, datagram.reached); number < spans.length; number += 1) {
    const span = spans[number];
    if (span === undefined || span.at > datagram.reached) break;
    datagram.reached = span.end;
  }
  return total >= 0 && datagram.reached >= total;
}

/** The bytes up to the first that a snap length cut away. */
function joined(spans: readonly Span[]): Uint8Array {
  let length = 0;
  const whole = new Uint8Array(spans.reduce((sum, span) => sum + span.bytes.length, 0));
  for (const span of spans) {
    whole.set(span.bytes, length);
    length += span.bytes.length;
    if (span.bytes.length < span.end - span.at) break;
  }
  return whole.subarray(0, length);
}

export function transportName(protocol: number): "udp" | "tcp" | "other" {
  return protocol === 17 ? "udp" : protocol === 6 ? "tcp" : "other";
}

function lostDatagram(datagram: Datagram): LostDatagram {
  const transport = transportName(datagram.protocol);
  const first = datagram.spans[0];
  const ports = transport !== "other" && first !== undefined && first.at === 0 && first.bytes.length >= 4;
  return {
    src: datagram.src,
    dst: datagram.dst,
    sport: ports ? u16(first.bytes, 0) : 0,
    dport: ports ? u16(first.bytes, 2) : 0,
    transport,
    frames: datagram.frames,
    time: { seconds: datagram.seconds, nanos: datagram.nanos },
  };
}
