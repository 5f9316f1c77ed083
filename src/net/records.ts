import type { Closing, Direction } from "../model/connection.ts";
import type { Instant } from "../model/time.ts";
import type { ConnectionRecord } from "./connections.ts";
import type { Half } from "./halves.ts";
import type { Packet } from "./packet.ts";

/** A flow somebody wants, or one whose first bytes are still being collected (`connection` is null). */
export interface Stream {
  connection: ConnectionRecord | null;
  clientSide: 0 | 1;
  /** By side. */
  readonly halves: readonly [Half, Half];
  /** Nobody wants its bytes any more; what becomes of the connection is still written down. */
  isMuted: boolean;
  /** The first FIN or RST before recognition, by side; later ones the connection knows. */
  ending: {
    readonly side: 0 | 1;
    readonly how: "fin" | "reset";
    readonly frame: number;
    readonly time: Instant;
  } | null;
}

export const SIDES = [0, 1] as const;

export function directionOf(stream: Stream, side: 0 | 1): Direction {
  return side === stream.clientSide ? 0 : 1;
}

export function timeOf(packet: Packet): Instant {
  return { seconds: packet.seconds, nanos: packet.nanos };
}

/** One more frame of a recognised stream. */
export function recordFrame(stream: Stream, side: 0 | 1, packet: Packet): void {
  const facts = stream.connection === null ? null : stream.connection.facts;
  if (facts === null) return;
  facts.lastFrame = packet.frame;
  facts.lastSeconds = packet.seconds;
  facts.lastNanos = packet.nanos;
  stream.halves[side].tally.frames += 1;
}

/** A FIN or RST; only the first counts. */
export function recordEnding(stream: Stream, side: 0 | 1, how: "fin" | "reset", packet: Packet): void {
  const { connection } = stream;
  if (connection === null) stream.ending ??= { side, how, frame: packet.frame, time: timeOf(packet) };
  else connection.closed ??= { by: nameOf(stream, side), how, frame: packet.frame, time: timeOf(packet) };
}

export function recordReset(stream: Stream, side: 0 | 1, packet: Packet): void {
  recordEnding(stream, side, "reset", packet);
  const { connection } = stream;
  if (connection === null) return;
  connection.reset ??= { by: nameOf(stream, side), frame: packet.frame, time: timeOf(packet), ttl: packet.ttl };
}

/** How the connection was closed before it was recognised; null: it was not. */
export function closingOf(stream: Stream): Closing | null {
  if (stream.ending === null) return null;
  const { side, how, frame, time } = stream.ending;
  return { by: nameOf(stream, side), how, frame, time };
}

function nameOf(stream: Stream, side: 0 | 1): "client" | "server" {
  return side === stream.clientSide ? "client" : "server";
}
