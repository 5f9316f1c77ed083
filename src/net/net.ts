import { limits } from "../bytes/limits.ts";
import type { FrameView } from "../model/frame.ts";
import type { LinkFacts } from "../model/link-facts.ts";
import type { ProblemSink } from "../model/problem.ts";
import { Addresses } from "./addresses.ts";
import { ESP } from "./esp.ts";
import { ARP, NOTHING } from "./ethertypes.ts";
import { Fragments } from "./fragments.ts";
import { PeerBook } from "./hosts.ts";
import { icmpError, icmpv6Error } from "./icmp.ts";
import { IpReader, NO_TRANSPORT } from "./ip.ts";
import { link } from "./link.ts";
import { ethernet, follow } from "./link-ethernet.ts";
import { LinkTally } from "./link-tally.ts";
import { subframe } from "./link-wlan.ts";
import { Neighbours } from "./neighbours.ts";
import { type Bounds, newPacket, type Packet, type TellOnce } from "./packet.ts";
import type { PacketFilter } from "./packet-filter.ts";
import { Repeats } from "./repeats.ts";
import type { Hosts, NetSink } from "./sink.ts";
import { SWEEP_ROWS, Tcp } from "./tcp.ts";
import { enterTunnel } from "./tunnels.ts";
import { UdpReader } from "./udp.ts";

const ETHERNET = 1;
const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;

/** From frames to datagrams, streams and what became of them. */
export interface Net extends Hosts {
  /** Fills in `view.process`, too, where the link layer knows it (PKTAP). */
  frame(view: FrameView): void;
  /** The capture ended: tells what is still open. */
  end(): void;
  /** What its links and tunnels held, as far as it was read. */
  links(): LinkFacts;
  /** Whether the last frame was left out because another shows the same packet; told of captures with several points. */
  readonly wasRepeat: boolean;
  /** The frame that showed it, where it was left out. */
  readonly repeated: number;
}

/**
 * Opens the network room. `seed` makes the hash tables unpredictable for a forged capture and nothing else: the calls
 * on `sink` do not depend on it. Limits that are reached are told to `problem`, each once. Packets that `filter` does
 * not let pass are not read.
 */
export function openNet(
  sink: NetSink,
  seed: number,
  problem: ProblemSink = () => {},
  bounds: Bounds = limits,
  filter: PacketFilter | null = null,
): Net {
  return new NetRoom(sink, seed, problem, bounds, filter);
}

class NetRoom implements Net {
  readonly #sink: NetSink;
  readonly #packet: Packet = newPacket();
  readonly #addresses: Addresses;
  readonly #fragments: Fragments;
  readonly #neighbours: Neighbours;
  readonly #peers: PeerBook;
  readonly #ip: IpReader;
  readonly #tcp: Tcp;
  readonly #udp: UdpReader;
  readonly #links: LinkTally;
  readonly #bounds: Bounds;
  readonly #filter: PacketFilter | null;
  readonly #seed: number;
  readonly #tell: TellOnce;
  #repeats: Repeats | null = null;
  #second = -1;
  #sinceSweep = 0;
  wasRepeat = false;
  repeated = 0;

  constructor(sink: NetSink, seed: number, problem: ProblemSink, bounds: Bounds, filter: PacketFilter | null) {
    this.#bounds = bounds;
    this.#filter = filter;
    this.#seed = seed;
    const told = new Set<string>();
    const tell = (text: string, frame: number) => {
      if (told.has(text)) return;
      told.add(text);
      problem({ text, frame });
    };
    this.#tell = tell;
    this.#sink = sink;
    this.#links = new LinkTally(bounds, tell);
    this.#addresses = new Addresses(bounds, seed);
    this.#peers = new PeerBook(this.#addresses, bounds, seed, tell);
    this.#fragments = new Fragments(this.#addresses, bounds, (lost) => sink.lostDatagram(lost), tell);
    this.#neighbours = new Neighbours(bounds, (silence) => sink.silentNeighbour(silence), tell);
    this.#ip = new IpReader(this.#addresses, this.#fragments, this.#peers);
    this.#udp = new UdpReader(sink, this.#addresses, this.#links.twins);
    const { twins } = this.#links;
    const shared = { sink, bounds, packet: this.#packet, addresses: this.#addresses, peers: this.#peers, twins, tell };
    this.#tcp = new Tcp(shared, seed);
  }

  frame(view: FrameView): void {
    const packet = this.#packet;
    this.#open(packet, view);
    this.#tick(packet);
    const type = view.linkType === ETHERNET ? ethernet(packet) : this.#link(packet, view);
    this.wasRepeat = false;
    this.#network(packet, type, view.point);
    if (view.linkType !== ETHERNET) this.#aggregated(packet, view);
    if (packet.obstacle !== null) this.#links.obstacle(packet.obstacle, packet.frame);
  }

  end(): void {
    this.#tcp.end();
    this.#fragments.end();
    this.#neighbours.end();
  }

  links(): LinkFacts {
    return this.#links;
  }

  talkedOnlyTo(address: string, peer: string): boolean {
    return this.#peers.talkedOnlyTo(address, peer);
  }

  #isRepeat(packet: Packet, etherType: number, point: number): boolean {
    this.#repeats ??= new Repeats(this.#bounds, this.#seed, this.#links.twins, this.#tell);
    return this.#repeats.isRepeat(packet, etherType, point);
  }

  /** What is over at the time of this frame. */
  #tick(packet: Packet): void {
    const isNewSecond = packet.seconds !== this.#second;
    this.#sinceSweep += 1;
    if (!isNewSecond && this.#sinceSweep < SWEEP_ROWS) return;
    this.#sinceSweep = 0;
    this.#tcp.sweep();
    if (!isNewSecond) return;
    this.#second = packet.seconds;
    this.#fragments.expire(packet.seconds);
    this.#neighbours.expire(packet.seconds);
  }

  #open(packet: Packet, view: FrameView): void {
    packet.bytes = view.bytes;
    packet.at = view.start;
    packet.end = view.end;
    packet.missing = Math.max(0, view.wireLength - (view.end - view.start));
    packet.group = false;
    packet.frame = view.number;
    packet.seconds = view.seconds;
    packet.nanos = view.nanos;
    packet.frames = null;
    packet.depth = 0;
    packet.obstacle = null;
  }

  #link(packet: Packet, view: FrameView): number {
    packet.foreign = -1;
    packet.process = null;
    packet.restAt = -1;
    const type = link(packet, view.linkType);
    if (packet.process !== null) view.process = packet.process;
    if (packet.foreign >= 0) this.#links.foreign(packet.foreign);
    return type;
  }

  /** The others of several packets in one frame. */
  #aggregated(packet: Packet, view: FrameView): void {
    while (packet.restAt >= 0) {
      const { restAt, restEnd, restMissing, obstacle } = packet;
      this.#open(packet, view);
      packet.at = restAt;
      packet.end = restEnd;
      packet.missing = restMissing;
      packet.obstacle = obstacle;
      this.#network(packet, follow(packet, subframe(packet)), view.point);
    }
  }

  /** From the network header, out of all tunnels, to the innermost packet, unless another frame showed it. */
  #network(packet: Packet, first: number, point: number): void {
    let type = first;
    while (type !== NOTHING) {
      if (point >= 0 && this.#isRepeat(packet, type, point)) {
        this.wasRepeat = true;
        this.repeated = this.#repeats?.shownBy ?? 0;
        return;
      }
      if (type === ARP) {
        this.#neighbours.arp(packet);
        return;
      }
      const protocol = this.#ip.read(packet, type);
      type = protocol === TCP ? NOTHING : enterTunnel(packet, protocol, this.#links);
      if (type === NOTHING) this.#transport(packet, protocol);
    }
  }

  #transport(packet: Packet, protocol: number): void {
    if (this.#filter !== null && !this.#filter(packet, protocol, this.#addresses)) return;
    if (protocol === TCP) {
      this.#tcp.read(packet);
      return;
    }
    // Of an encrypted packet it cannot be said what it would have shown.
    if (protocol === NO_TRANSPORT || protocol === ESP) return;
    this.#peers.note(packet);
    if (protocol === UDP) this.#udp.read(packet);
    else if (protocol === ICMP || protocol === ICMPV6) this.#icmp(packet, protocol);
  }

  #icmp(packet: Packet, protocol: number): void {
    if (protocol === ICMPV6) this.#neighbours.icmpv6(packet, () => this.#addresses.source(packet));
    const error = protocol === ICMP ? icmpError(packet, this.#addresses) : icmpv6Error(packet, this.#addresses);
    if (error !== null) this.#sink.unreachable(error);
  }
}
