import { limits } from "../bytes/limits.ts";
import type { FrameView } from "../model/frame.ts";
import { Addresses } from "./addresses.ts";
import { ARP, NOTHING } from "./ethertypes.ts";
import { Fragments } from "./fragments.ts";
import { PeerBook } from "./hosts.ts";
import { IpReader } from "./ip.ts";
import { link } from "./link.ts";
import { newPacket, type Packet } from "./packet.ts";
import { Signature } from "./signature.ts";
import { u16 } from "./words.ts";

const TCP = 6;
const SYN = 2;
const BILLION = 1_000_000_000;
/** The signatures of captures that are compared must be made with one seed; nobody aims at it. */
const SEED = 0x6b666c77;

/** When a packet was captured. */
export interface Sighting {
  /** Nanoseconds since the first sighting of its capture. */
  readonly nanos: number;
  /** The two hosts, in the order of their addresses. */
  readonly hosts: string;
  /** Whether the first of these sent it. */
  readonly forward: boolean;
}

/**
 * Notes when packets of a capture were seen that two captures can be compared by: the openings of TCP connections, and
 * whatever is not TCP; at most `limits.clockSightings`.
 */
export class Sightings {
  readonly #packet: Packet = newPacket();
  readonly #addresses = new Addresses(limits, SEED);
  readonly #signature = new Signature(SEED);
  readonly #ip: IpReader;
  readonly #seen = new Map<string, Sighting>();
  /** Seen twice: no measure. */
  readonly #twice = new Set<string>();
  /** Whole seconds since 1970 of the first sighting: what the nanoseconds count from. */
  origin: number | null = null;

  constructor() {
    const peers = new PeerBook(this.#addresses, limits, SEED, () => {});
    const fragments = new Fragments(
      this.#addresses,
      limits,
      () => {},
      () => {},
    );
    this.#ip = new IpReader(this.#addresses, fragments, peers);
  }

  /** No more will be noted. */
  get isFull(): boolean {
    return this.#seen.size >= limits.clockSightings;
  }

  get(key: string): Sighting | undefined {
    return this.#twice.has(key) ? undefined : this.#seen.get(key);
  }

  keys(): Iterable<string> {
    return this.#seen.keys();
  }

  frame(view: FrameView): void {
    if (this.isFull) return;
    const packet = this.#packet;
    packet.bytes = view.bytes;
    packet.at = view.start;
    packet.end = view.end;
    packet.missing = 0;
    packet.frames = null;
    packet.depth = 0;
    const type = link(packet, view.linkType);
    if (type === NOTHING || type === ARP) return;
    this.#signature.of(packet, type);
    const { high, low } = this.#signature;
    const protocol = this.#ip.read(packet, type);
    if (protocol >= 0 && (protocol !== TCP || isOpening(packet))) this.#note(`${high}/${low}`, view);
  }

  #note(key: string, { seconds, nanos }: FrameView): void {
    if (this.#seen.has(key)) {
      this.#twice.add(key);
      return;
    }
    this.origin ??= seconds;
    const [from, to] = [this.#addresses.source(this.#packet), this.#addresses.destination(this.#packet)];
    const forward = from < to;
    const hosts = forward ? `${from} ${to}` : `${to} ${from}`;
    this.#seen.set(key, { nanos: (seconds - this.origin) * BILLION + nanos, hosts, forward });
  }
}

function isOpening({ bytes, at, end }: Packet): boolean {
  return at + 14 <= end && (u16(bytes, at + 12) & SYN) !== 0;
}
