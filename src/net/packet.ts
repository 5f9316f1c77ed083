import type { limits } from "../bytes/limits.ts";

/** The rows of `limits` as plain numbers, so that a test can reach them without a million packets. */
export type Bounds = { readonly [name in keyof typeof limits]: number };

/** Tells the user once that something was given up; later calls with the same text say nothing. */
export type TellOnce = (text: string, frame: number) => void;

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
  /** IPv4 time to live, IPv6 hop limit. */
  ttl: number;
  /** Sent to many: link-layer broadcast or multicast, or such an IP address. */
  group: boolean;
  frame: number;
  seconds: number;
  nanos: number;
  /** Frames of a reassembled datagram, the completing one last. */
  frames: readonly number[] | null;
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
    ttl: 0,
    group: false,
    frame: 0,
    seconds: 0,
    nanos: 0,
    frames: null,
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
