import type { CldapDone, CldapEntry, CldapMessage, CldapSearch } from "../../dissectors/ldap/message.ts";
import { limits } from "../bytes/limits.ts";
import type { Unreachable } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { Seen } from "./evidence.ts";
import { type Growing, grown, lastOf } from "./order.ts";

/** One LDAP-UDP ping to one domain controller, its repetitions and its answer. */
export interface DcPing extends Seen {
  readonly dc: string;
  /** The client's port. */
  readonly port: number;
  readonly messageId: number;
  readonly queries: Observation<CldapSearch>[];
  entry: Observation<CldapEntry> | null;
  /** The end of the answer; alone it says that the server has nothing for this domain. */
  done: Observation<CldapDone> | null;
  unreachable: Unreachable | null;
}

/** Searches for anything but the attribute `netlogon` are no pings (MS-ADTS 6.3.3). */
function isPing({ attributes, ntVer }: CldapSearch): boolean {
  return ntVer !== null || attributes.some((name) => name.toLowerCase() === "netlogon");
}

/** The pings of a client with what one LDAP-UDP message tells; null when it belongs to none. */
export function takeCldap(pings: Growing<DcPing>, o: Observation<CldapMessage>): Growing<DcPing> | null {
  if (isSearch(o)) return isPing(o.message) ? takeSearch(pings, o) : null;
  const open = lastOf(pings, (ping) => isSame(ping, o.src, o.dport, o.message.messageId));
  if (isEntry(o)) {
    if (open) open.entry ??= o;
    else if (o.message.opcode !== null) return grown(pings, newPing(o, o.src, o.dport, [], o));
  }
  if (!open) return null;
  if (isDone(o)) open.done ??= o;
  return pings;
}

function takeSearch(pings: Growing<DcPing>, o: Observation<CldapSearch>): Growing<DcPing> {
  const same = lastOf(pings, (ping) => isSame(ping, o.dst, o.sport, o.message.messageId) && isOpen(ping));
  if (!same) return grown(pings, newPing(o, o.dst, o.sport, [o], null));
  if (same.queries.length < limits.framesPerStep) same.queries.push(o);
  return pings;
}

function newPing(
  { frame, time, message }: Observation<CldapMessage>,
  dc: string,
  port: number,
  queries: Observation<CldapSearch>[],
  entry: Observation<CldapEntry> | null,
): DcPing {
  return {
    frame,
    time,
    dc,
    port,
    messageId: message.messageId,
    queries,
    entry,
    done: null,
    unreachable: null,
  };
}

/** An ICMP error about a ping. */
export function rejectPing(pings: readonly DcPing[], error: Unreachable): void {
  const ping = lastOf(pings, ({ dc, port }) => dc === error.dst.address && port === error.src.port);
  if (ping && isOpen(ping)) ping.unreachable ??= error;
}

/** Neither answered nor refused below LDAP. */
export function isOpen(ping: DcPing): boolean {
  return ping.entry === null && ping.done === null;
}

function isSame(ping: DcPing, dc: string, port: number, messageId: number): boolean {
  return ping.dc === dc && ping.port === port && ping.messageId === messageId;
}

function isSearch(o: Observation<CldapMessage>): o is Observation<CldapSearch> {
  return o.message.kind === "search";
}

function isEntry(o: Observation<CldapMessage>): o is Observation<CldapEntry> {
  return o.message.kind === "entry";
}

function isDone(o: Observation<CldapMessage>): o is Observation<CldapDone> {
  return o.message.kind === "done";
}
