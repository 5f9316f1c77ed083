import type { Connection, ConnectionFailure } from "../../model/connection.ts";
import { type Direction, FROM_CLIENT, FROM_SERVER } from "../../model/connection.ts";
import type { Instant } from "../../model/time.ts";
import { secondsBetween } from "../../model/time.ts";
import type { Around } from "../around.ts";
import { waitedSince } from "../around.ts";
import { type CutTalk, type Evidence, type KdcExchange, KERBEROS_PORT, type Seen } from "../evidence.ts";
import type { Missing } from "../story.ts";

/** Who still waits for an answer does not turn to other things: so soon nobody gives up. */
const AT_ONCE_SECONDS = 1;

/** Connections that live without a frame of the other side, and no answer of anybody: the capture lacks a direction. */
export function hearsNobody(evidence: Evidence): boolean {
  const connections = [...evidence.services, ...evidence.sealed].map((x) => x.connection);
  return (
    connections.length > 0 &&
    connections.every((connection) => connection.frames[FROM_SERVER] === 0) &&
    evidence.dns.every((lookup) => lookup.response === null) &&
    evidence.kdc.every((x) => x.reply === null)
  );
}

/** Every connection to this host lives without a frame of it: what it says is not in the capture. */
function hearsNothingOf(address: string, { services, sealed, kdcTalks }: Evidence): boolean {
  const talks = [...services.map((x) => x.connection), ...sealed.map((x) => x.connection), ...kdcTalks];
  const here = talks.filter((connection) => connection.server.address === address);
  return here.length > 0 && here.every((connection) => connection.frames[FROM_SERVER] === 0);
}

/**
 * Why the silence of KDCs proves nothing (yet); null where it does. `silent`: all that they left unanswered, in order;
 * `wentOn`: the client did afterwards what it would not do while it still waits.
 */
export function doubtOf(
  silent: readonly KdcExchange[],
  evidence: Evidence,
  around: Around,
  wentOn = false,
): Missing | null {
  const [first] = silent;
  if (!first) return "ended-early";
  if (hearsNobody(evidence) || silent.every((x) => hearsNothingOf(x.kdc, evidence))) return "one-sided";
  if (silent.some((x) => cutAnswer(x, evidence))) return "cut";
  const unread = silent.find((x) => hasUnreadAnswer(x, evidence))?.connection;
  if (unread) return whyUnread(unread, FROM_SERVER);
  if (silent.some((x) => isAskedOnce(x, silent, evidence) && wentOnAtOnce(x, evidence, isOfKind(x))))
    return "not-repeated";
  if (!wentOn && !silent.every((x) => isOver(x, around.now)) && !waitedSince(first.time, around)) return "ended-early";
  return silent.every((x) => isAskedOnce(x, silent, evidence)) ? "not-repeated" : null;
}

/** What KDCs were told or said since then (null: at any time) cannot be read; null where the capture holds all of it. */
export function unreadOfKdc(since: Instant | null, { kdcTalks, cutTalks }: Evidence): "cut" | "lost" | null {
  const isLater = (time: Instant) => since === null || secondsBetween(since, time) >= 0;
  if (cutTalks.some((cut) => isOfKdc(cut) && isLater(cut.time))) return "cut";
  const later = kdcTalks.filter(({ lastTime }) => isLater(lastTime));
  if (later.some(({ cut }) => cut[FROM_CLIENT] + cut[FROM_SERVER] > 0)) return "cut";
  return later.some(({ lost }) => lost[FROM_CLIENT] + lost[FROM_SERVER] > 0) ? "lost" : null;
}

/** Soon after a refusal a KDC said more, which the snap length cut: that may have been the ticket. */
export function mayBeGrantedUnread(refused: Instant, { client, kdcTalks, cutTalks }: Evidence): boolean {
  const isSoon = (time: Instant) => {
    const after = secondsBetween(refused, time);
    return after >= 0 && after <= RETRY_SECONDS;
  };
  if (cutTalks.some((cut) => isOfKdc(cut) && cut.to === client && isSoon(cut.time))) return true;
  return kdcTalks.some(({ cut, firstTime }) => cut[FROM_SERVER] > 0 && isSoon(firstTime));
}

/** Rest after which another request is no other try of the same. */
const RETRY_SECONDS = 30;

const isOfKdc = ({ port }: CutTalk) => port === KERBEROS_PORT;

/** Why bytes that somebody waits for are not there to be read. */
export function whyUnread({ cut }: Connection, direction: Direction): "cut" | "lost" {
  return cut[direction] > 0 ? "cut" : "lost";
}

/** Every SYN that nobody answers is sent again: what came of a lone one the capture does not hold, or not yet. */
export function isProven({ how, frames }: ConnectionFailure): boolean {
  return how === "refused" || frames.length > 1;
}

/** A SYN at the very end of the capture may yet be answered. */
export function isPending(failure: ConnectionFailure, around: Around): boolean {
  return !isProven(failure) && !waitedSince(failure.firstTime, around);
}

/** The KDC sent a datagram of which the capture holds a part only. */
function cutAnswer(x: KdcExchange, { cutTalks }: Evidence): boolean {
  return cutTalks.some((cut) => cut.from === x.kdc && secondsBetween(x.time, cut.time) >= 0);
}

/** TCP: the KDC sent bytes that make no message, or that are not in the capture. */
function hasUnreadAnswer({ connection }: KdcExchange, { kdc }: Evidence): boolean {
  if (!connection) return false;
  if (connection.lost[FROM_SERVER] > 0 || connection.acked[FROM_SERVER] > connection.seen[FROM_SERVER]) return true;
  const read = kdc.map((x) => (x.connection === connection ? (x.reply?.endOffset ?? 0) : 0));
  return connection.seen[FROM_SERVER] > Math.max(...read);
}

/** A request over UDP that the client never sent again, to nobody and in no way. */
function isAskedOnce(x: KdcExchange, silent: readonly KdcExchange[], { failures }: Evidence): boolean {
  if (x.transport !== "udp" || x.repeats.length > 0 || x.unreachable !== null) return false;
  if (failures.some((f) => f.server.port === KERBEROS_PORT && secondsBetween(x.time, f.lastTime) >= 0)) return false;
  const nonce = x.request?.message.nonce;
  return silent.every((y) => y === x || (y.transport === "udp" && y.request?.message.nonce !== nonce));
}

/** Another try of the same. */
const isOfKind = (x: KdcExchange) => (other: Seen) => "kdc" in other && "kind" in other && other.kind === x.kind;

/** Nobody waits for an answer any more, and had the time to turn to another KDC. */
function isOver({ connection, unreachable }: KdcExchange, now: Instant): boolean {
  const closed = connection?.closed;
  const end = unreachable?.time ?? (closed && closed.how !== "capture" ? closed.time : null);
  return end !== null && secondsBetween(end, now) >= AT_ONCE_SECONDS;
}

/** The client did something else within a second, as one does who was answered. */
export function wentOnAtOnce(asked: Seen, evidence: Evidence, isSame: (x: Seen) => boolean): boolean {
  const soon = (time: Instant) => {
    const after = secondsBetween(asked.time, time);
    return after > 0 && after < AT_ONCE_SECONDS;
  };
  const pieces: readonly (readonly Seen[])[] = [evidence.dns, evidence.kdc, evidence.services, evidence.sealed];
  return (
    pieces.some((some) => some.some((x) => !isSame(x) && soon(x.time))) ||
    evidence.pings.some((ping) => soon(ping.time)) ||
    evidence.failures.some((failure) => failure.server.port !== KERBEROS_PORT && soon(failure.firstTime))
  );
}
