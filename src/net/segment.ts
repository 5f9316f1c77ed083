import type { Packet } from "./packet.ts";
import { i32, u16 } from "./words.ts";

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;

/** Smallest part of a TCP header that says whose it is and what it does. */
export const SHORTEST_HEADER = 14;

/** The TCP segment being read (RFC 9293 section 3.1): one object, rewritten; 32-bit numbers are signed. */
export interface Segment {
  /** Side of the flow that sent it. */
  side: 0 | 1;
  sport: number;
  dport: number;
  flags: number;
  /** Of the first payload byte: one more than the header's where SYN is set. */
  seq: number;
  ack: number;
  /** Where the payload starts in the packet's bytes, how much of it was captured, and how long it was on the wire. */
  start: number;
  captured: number;
  length: number;
}

export function newSegment(): Segment {
  return { side: 0, sport: 0, dport: 0, flags: 0, seq: 0, ack: 0, start: 0, captured: 0, length: 0 };
}

/** Fills `segment` from the packet; false where the header makes no sense. */
export function readSegment(packet: Packet, side: 0 | 1, segment: Segment): boolean {
  const { bytes, at, end } = packet;
  const header = ((bytes[at + 12] ?? 0) >> 4) * 4;
  const whole = end - at + packet.missing;
  if (header < 20 || header > whole) return false;
  segment.side = side;
  segment.sport = u16(bytes, at);
  segment.dport = u16(bytes, at + 2);
  segment.flags = bytes[at + 13] ?? 0;
  segment.seq = (i32(bytes, at + 4) + ((segment.flags & SYN) !== 0 ? 1 : 0)) | 0;
  segment.ack = i32(bytes, at + 8);
  segment.start = at + header;
  segment.captured = Math.max(0, end - segment.start);
  segment.length = whole - header;
  return true;
}
