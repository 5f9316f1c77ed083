import type { Kpasswd } from "../../dissectors/kerberos/message.ts";
import { limits } from "../bytes/limits.ts";
import type { Connection, ConnectionFailure, Unreachable } from "../model/connection.ts";
import { FROM_SERVER } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import type { Around } from "./around.ts";
import { waitedSince } from "./around.ts";
import type { Evidence, Seen } from "./evidence.ts";
import { type Growing, grown } from "./order.ts";

export const KPASSWD_PORT = 464;

/** A request to change a password, sent to port 464, and whether anything came back; RFC 3244. */
export interface PasswordChange extends Seen {
  readonly server: string;
  readonly transport: "udp" | "tcp";
  readonly connection: Connection | null;
  readonly port: number;
  /** The request and its repetitions. */
  readonly frames: number[];
  reply: Observation<Kpasswd> | null;
  unreachable: Unreachable | null;
}

/** The changes seen so far with what a message says. */
export function takeKpasswd(changes: Growing<PasswordChange>, o: Observation<Kpasswd>): Growing<PasswordChange> {
  if (o.message.kind === "reply") {
    const asked = changes.findLast((x) => x.server === o.src && isSameFlow(x, o.connection, o.dport));
    if (asked) asked.reply ??= o;
    return changes;
  }
  const known = changes.findLast((x) => x.server === o.dst && isSameFlow(x, o.connection, o.sport));
  if (known) {
    if (known.frames.length < limits.framesPerStep) known.frames.push(o.frame);
    return changes;
  }
  return grown(changes, {
    frame: o.firstFrame,
    time: o.time,
    server: o.dst,
    transport: o.transport,
    connection: o.connection,
    port: o.sport,
    frames: [...o.frames],
    reply: null,
    unreachable: null,
  });
}

function isSameFlow(change: PasswordChange, connection: Connection | null, port: number): boolean {
  return change.connection === connection && change.port === port;
}

/** An ICMP error about a request over UDP. */
export function rejectKpasswd(changes: readonly PasswordChange[], error: Unreachable): void {
  const asked = changes.findLast((x) => x.server === error.dst.address && x.port === error.src.port);
  if (asked) asked.unreachable ??= error;
}

/** What stood between the client and port 464; empty where a server answered. */
export interface PasswordTrouble {
  readonly failures: readonly ConnectionFailure[];
  readonly unanswered: readonly PasswordChange[];
}

export const noPasswordTrouble: PasswordTrouble = { failures: [], unanswered: [] };

/** Changes of a password that were tried after `since`. */
export function passwordTrouble(evidence: Evidence, since: Instant, around: Around): PasswordTrouble {
  const changes = evidence.passwords.filter((x) => secondsBetween(since, x.time) >= 0);
  if (changes.some((x) => x.reply !== null)) return noPasswordTrouble;
  return {
    failures: evidence.failures.filter((f) => f.server.port === KPASSWD_PORT && secondsBetween(since, f.lastTime) >= 0),
    unanswered: changes.filter((x) => isUnanswered(x, around)),
  };
}

/** The client was told so, asked again, or waited; bytes of the server that the capture lacks prove nothing. */
function isUnanswered(change: PasswordChange, around: Around): boolean {
  const { reply, connection, unreachable, frames, time } = change;
  if (reply !== null || (connection !== null && connection.acked[FROM_SERVER] > connection.seen[FROM_SERVER]))
    return false;
  if (connection !== null && connection.lost[FROM_SERVER] > 0) return false;
  return unreachable !== null || frames.length > 1 || waitedSince(time, around);
}
