import type { Connection, Endpoint } from "../model/connection.ts";
import type { Addresses } from "./addresses.ts";
import {
  ACK_FRAME,
  ADDRESS_0,
  ADDRESS_1,
  COUNTS,
  FIRST_FRAME,
  FIRST_NANOS,
  FIRST_SECONDS,
  META,
  PORTS,
  SYN_ACK_FRAME,
  SYN_FRAME,
  VERSION_6,
} from "./flows.ts";
import type { Packet } from "./packet.ts";

/** The ends of the flow whose row starts at `at`, by side. */
export function endpointsOf(rows: Int32Array, at: number, addresses: Addresses): readonly [Endpoint, Endpoint] {
  const version = ((rows[at + META] ?? 0) & VERSION_6) !== 0 ? 6 : 4;
  const ports = rows[at + PORTS] ?? 0;
  return [
    { address: addresses.text(version, rows[at + ADDRESS_0] ?? 0), port: ports >>> 16 },
    { address: addresses.text(version, rows[at + ADDRESS_1] ?? 0), port: ports & 0xffff },
  ];
}

/** The record of a connection at the moment it is recognised, with what its row remembers of the frames before. */
export function newConnection(
  id: number,
  rows: Int32Array,
  at: number,
  ends: readonly [client: Endpoint, server: Endpoint],
  clientSide: 0 | 1,
  place: { readonly epoch: number; readonly packet: Packet },
): Connection {
  const syn = rows[at + SYN_FRAME] ?? 0;
  const synAck = rows[at + SYN_ACK_FRAME] ?? 0;
  const ack = rows[at + ACK_FRAME] ?? 0;
  const counts = rows[at + COUNTS] ?? 0;
  const bySide = [counts & 0xffff, counts >>> 16] as const;
  return {
    id,
    client: ends[0],
    server: ends[1],
    handshake: [syn, synAck, ack].filter((frame) => frame !== 0).sort((a, b) => a - b),
    synSeen: syn !== 0 || synAck !== 0,
    firstFrame: rows[at + FIRST_FRAME] ?? 0,
    firstTime: { seconds: (rows[at + FIRST_SECONDS] ?? 0) + place.epoch, nanos: rows[at + FIRST_NANOS] ?? 0 },
    lastFrame: place.packet.frame,
    lastTime: { seconds: place.packet.seconds, nanos: place.packet.nanos },
    acked: [0, 0],
    seen: [0, 0],
    frames: clientSide === 0 ? [bySide[0], bySide[1]] : [bySide[1], bySide[0]],
    lost: [0, 0],
    retransmitted: [0, 0],
    largestSegment: [0, 0],
    largestAcked: [0, 0],
    closed: null,
    reset: null,
  };
}
