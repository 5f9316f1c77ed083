import { limits } from "../bytes/limits.ts";
import type { Seal } from "../model/link-facts.ts";

/** The rows of `limits` as plain numbers, so that a test can reach them without a million packets. */
export type Bounds = { readonly [name in keyof typeof limits]: number };

/** Tells the user once that something was given up; later calls with the same text say nothing. */
export type TellOnce = (text: string, frame: number) => void;

/** Why a packet was not read further, where that is worth telling: sealed, or more headers than are believed. */
export type Obstacle = Seal | "depth";

/**
 * The packet being read: one object per `Net`, rewritten from layer to layer.
 *
 * `at` moves from the link header to the transport header; `bytes[at, end)` is what was captured of it.
 */
export interface Packet {
  bytes: Uint8Array;
  at: number;
  end: number;
  /** Bytes that the headers (or the frame's length on the wire) announce behind `end`. */
  missing: number;
  version: 4 | 6;
  /** IPv4: the address as a signed 32-bit number; IPv6: its number in `Addresses`. */
  src: number;
  dst: number;
  /** IPv4 identification; 0 where it says nothing (RFC 6864 section 4), and for IPv6. */
  id: number;
  /** IPv4 time to live, IPv6 hop limit. */
  ttl: number;
  /** Sent to many: link-layer broadcast or multicast, or such an IP address. */
  group: boolean;
  frame: number;
  seconds: number;
  nanos: number;
  /** Frames of a reassembled datagram, the completing one last. */
  frames: readonly number[] | null;
  /** Tags and tunnels around it that were passed. */
  depth: number;
  obstacle: Obstacle | null;

  // The rest is set by link layers other than Ethernet, and holds while they are read.
  /** The link type inside PKTAP or PPI that is not read here; -1: none. */
  foreign: number;
  /** The program that sent or received it, as PKTAP says. */
  process: string | null;
  /** Where the next packet of an aggregated 802.11 frame starts, with the `end` and `missing` of the frame; -1: none. */
  restAt: number;
  restEnd: number;
  restMissing: number;
}

export function newPacket(): Packet {
  return {
    bytes: new Uint8Array(0),
    at: 0,
    end: 0,
    missing: 0,
    version: 4,
    src: 0,
    dst: 0,
    id: 0,
    ttl: 0,
    group: false,
    frame: 0,
    seconds: 0,
    nanos: 0,
    frames: null,
    depth: 0,
    obstacle: null,
    foreign: -1,
    process: null,
    restAt: -1,
    restEnd: 0,
    restMissing: 0,
  };
}

/**
 * A header says that the packet ends at `end`: padding behind it goes, and what is missing is counted anew. A header
 * that promises more than the layer around it is not believed.
 */
export function cutTo(packet: Packet, end: number): void {
  const announced = Math.min(end, packet.end + packet.missing);
  packet.missing = Math.max(0, announced - packet.end);
  if (announced < packet.end) packet.end = announced;
}

/** One more tag or tunnel is about to be passed; false where there are too many to be believed. */
export function goDeeper(packet: Packet): boolean {
  packet.depth += 1;
  if (packet.depth < limits.encapsulation) return true;
  packet.obstacle = "depth";
  return false;
}
