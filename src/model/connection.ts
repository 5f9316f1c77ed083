import type { Instant } from "./time.ts";

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Which way bytes travel; also the index into the pairs of a `Connection`. */
export type Direction = 0 | 1;
export const FROM_CLIENT: Direction = 0;
export const FROM_SERVER: Direction = 1;

export interface Closing {
  readonly by: "client" | "server" | "capture";
  /** `capture`: nobody closed it; the file ended or it stayed idle. */
  readonly how: "fin" | "reset" | "capture";
  readonly frame: number | null;
  readonly time: Instant;
}

/**
 * What became of one TCP connection whose bytes somebody asked for.
 *
 * `net` alone writes it, while the capture is read; everyone may hold it and read it later. Offsets count stream bytes
 * from the first byte after the SYN (or the first byte seen, where the SYN is not in the capture).
 */
export interface Connection {
  readonly id: number;
  /** While it is open, a number that no other open one has: the smaller, the fewer there ever were at once. */
  readonly place: number;
  client: Endpoint;
  server: Endpoint;
  /** Frames of SYN, SYN-ACK and ACK that were seen, in order; empty when the capture started later. */
  readonly handshake: number[];
  readonly synSeen: boolean;
  /** First frame of the connection in the capture, and its time. */
  readonly firstFrame: number;
  readonly firstTime: Instant;
  lastFrame: number;
  lastTime: Instant;
  /** Highest offset of each direction's bytes that the other side acknowledged, whether or not they are in the file. */
  readonly acked: [number, number];
  /** Highest offset of each direction's bytes that the capture holds. */
  readonly seen: [number, number];
  /** Frames of each direction, pure acknowledgements included. */
  readonly frames: [number, number];
  /** Bytes that were acknowledged or followed by later ones but are not in the file. */
  readonly lost: [number, number];
  /** Of the lost bytes, those of frames that are in the file, where a snap length cut them. */
  readonly cut: [number, number];
  /** Segments of each direction that repeated bytes already in the file. */
  readonly retransmitted: [number, number];
  /** The largest TCP payload of one frame, retransmissions included. */
  readonly largestSegment: [number, number];
  /** The largest TCP payload of one frame that the other side acknowledged. */
  readonly largestAcked: [number, number];
  /** The first FIN or RST; a reset after a FIN does not replace it. */
  closed: Closing | null;
  /** Frame of the first RST and who sent it, also after a FIN. */
  reset: {
    readonly by: "client" | "server";
    readonly frame: number;
    readonly time: Instant;
    readonly ttl: number;
  } | null;
}

/** A connection that was never established. */
export interface ConnectionFailure {
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** `unanswered`: SYN without any reply; `refused`: RST in answer to the SYN. */
  readonly how: "unanswered" | "refused";
  /** Frames of the SYNs (first 32), then that of the RST. */
  readonly frames: readonly number[];
  readonly firstTime: Instant;
  readonly lastTime: Instant;
}

/** An ICMP or ICMPv6 error, with what it says of the packet that provoked it. */
export interface Unreachable {
  readonly frame: number;
  readonly time: Instant;
  readonly from: string;
  /** ICMPv4 terms for both versions: 0 net, 1 host, 2 protocol, 3 port, 4 fragmentation needed, 13 administratively prohibited, … */
  readonly code: number;
  readonly version: 4 | 6;
  readonly transport: "udp" | "tcp" | "other";
  readonly src: Endpoint;
  readonly dst: Endpoint;
}

/** An ARP or neighbour solicitation that nobody answered before the capture ended or five seconds passed. */
export interface NeighbourSilence {
  readonly asker: string;
  readonly target: string;
  readonly frames: readonly number[];
  readonly firstTime: Instant;
  readonly lastTime: Instant;
}

/** A datagram of which fragments are missing. */
export interface LostDatagram {
  readonly src: string;
  readonly dst: string;
  /** 0 where the first fragment is among the missing ones. */
  readonly sport: number;
  readonly dport: number;
  readonly transport: "udp" | "tcp" | "other";
  readonly frames: readonly number[];
  readonly time: Instant;
}
