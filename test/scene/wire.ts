import { pcap } from "../capture/build.ts";
import { address4, type Bytes, be16, ethernet, ipv4, tcp, udp } from "../net/packets.ts";
import { summed } from "./checksums.ts";

/** One frame of a scene, and who sent it. */
export interface Shot {
  readonly bytes: Bytes;
  readonly from: string;
  readonly seconds: number;
  readonly nanos: number;
}

export interface Ends {
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
}

export type Side = "client" | "server";

/** A packet on its way: the sender and the IP packet. */
export interface Sent {
  readonly from: string;
  readonly ip: Bytes;
}

export const MSS = 1448;

/** One TCP connection; every call gives the packets of one thing that happens. */
export class Talk {
  readonly ends: Ends;
  /** Next sequence number of each side. */
  private readonly next = { client: 1_000_000, server: 5_000_000 };
  isOver = false;

  constructor(ends: Ends) {
    this.ends = ends;
  }

  syn(): Sent[] {
    this.next.client = 1_000_000;
    const sent = this.segment("client", "S");
    this.next.client += 1;
    return [sent];
  }

  opened(): Sent[] {
    const answer = this.segment("server", "SA");
    this.next.server += 1;
    return [answer, this.segment("client", "A")];
  }

  refused(): Sent[] {
    this.isOver = true;
    return [this.segment("server", "RA")];
  }

  /** Bytes in as many segments as they need, then the acknowledgement of the other side. */
  says(side: Side, bytes: Bytes, acked = true): Sent[] {
    const sent: Sent[] = [];
    for (let at = 0; at < bytes.length; at += MSS) {
      const part = bytes.slice(at, at + MSS);
      sent.push(this.segment(side, at + MSS >= bytes.length ? "PA" : "A", part));
      this.next[side] += part.length;
    }
    return acked ? [...sent, this.segment(otherOf(side), "A")] : sent;
  }

  closes(side: Side): Sent[] {
    this.isOver = true;
    const fin = this.segment(side, "FA");
    this.next[side] += 1;
    return [fin, this.segment(otherOf(side), "A")];
  }

  resets(side: Side): Sent[] {
    this.isOver = true;
    return [this.segment(side, "RA")];
  }

  private segment(side: Side, flags: string, data: Bytes = []): Sent {
    const { client, clientPort, server, serverPort } = this.ends;
    const isClient = side === "client";
    const [src, sport] = isClient ? [client, clientPort] : [server, serverPort];
    const [dst, dport] = isClient ? [server, serverPort] : [client, clientPort];
    const ack = flags.includes("A") ? this.next[otherOf(side)] : 0;
    const header = { sport, dport, seq: this.next[side], ack, flags };
    return { from: src, ip: ipv4({ src, dst, protocol: 6 }, tcp(header, data)) };
  }
}

function otherOf(side: Side): Side {
  return side === "client" ? "server" : "client";
}

/** A datagram; in fragments of `part` bytes where that is given. */
export function datagram(src: string, sport: number, dst: string, dport: number, data: Bytes, part?: number): Sent[] {
  const payload = udp(sport, dport, data);
  if (part === undefined) return [{ from: src, ip: ipv4({ src, dst }, payload) }];
  const sent: Sent[] = [];
  for (let offset = 0; offset < payload.length; offset += part) {
    const more = offset + part < payload.length;
    sent.push({ from: src, ip: ipv4({ src, dst, id: sport, offset, more }, payload.slice(offset, offset + part)) });
  }
  return sent;
}

/** ICMP destination unreachable about `about`, told by `from`. */
export function unreachable(code: number, from: string, about: Sent): Sent {
  const payload = [3, code, 0, 0, 0, 0, 0, 0, ...summed(about.ip).slice(0, 28)];
  return { from, ip: ipv4({ src: from, dst: about.from, protocol: 1 }, payload) };
}

/** Who has `target`? */
export function arpQuestion(asker: string, target: string): Bytes {
  const mac = [2, 0, 0, 0, 0, 1];
  const question = [...mac, ...address4(asker), 0, 0, 0, 0, 0, 0, ...address4(target)];
  return ethernet(0x0806, [...be16(1), ...be16(0x0800), 6, 4, ...be16(1), ...question], [255, 255, 255, 255, 255, 255]);
}

/** Each address has a MAC of its own, so that a capture reads as one of two hosts on one wire. */
const macOf = (address: Bytes): Bytes => [2, 0, ...address];

export function onEthernet({ ip }: Sent): Bytes {
  return [...macOf(ip.slice(16, 20)), ...macOf(ip.slice(12, 16)), ...be16(0x0800), ...summed(ip)];
}

/** A pcap file, frames cut to `snap` bytes. */
export function toPcap(shots: readonly Shot[], snap = 65_535): Uint8Array {
  return pcap(
    shots.map(({ bytes, seconds, nanos }) => ({
      seconds,
      fraction: Math.floor(nanos / 1000),
      data: Uint8Array.from(bytes.slice(0, snap)),
      original: bytes.length,
    })),
  );
}
