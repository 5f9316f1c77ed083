import type { AsRep, AsReq, KrbError, TgsRep, TgsReq } from "../../dissectors/kerberos/message.ts";
import { limits } from "../bytes/limits.ts";
import type { Unreachable } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import { secondsBetween } from "../model/time.ts";
import type { Client } from "./client.ts";
import type { KdcExchange } from "./evidence.ts";
import { isSameName, isTicketGranting } from "./names.ts";
import { type Growing, grown, lastOf, SWAPPED_SECONDS } from "./order.ts";

/** The exchanges of a client with a request, new or sent again. */
export function takeRequest(
  exchanges: Growing<KdcExchange>,
  request: Observation<AsReq | TgsReq>,
): Growing<KdcExchange> {
  const same = lastOf(exchanges, (x) => isRetransmission(x, request));
  if (same) {
    if (same.repeats.length < limits.framesPerStep) same.repeats.push(request);
    return exchanges;
  }
  const early = lastOf(exchanges, (x) => x.request === null && isSwapped(x.reply, request));
  return grown(early === undefined ? exchanges : exchanges.filter((x) => x !== early), {
    frame: request.firstFrame,
    time: request.time,
    kind: request.message.kind === "AS-REQ" ? "AS" : "TGS",
    kdc: request.dst,
    transport: request.transport,
    connection: request.connection,
    request,
    repeats: [],
    reply: early?.reply ?? null,
    unreachable: null,
  });
}

/** The capture shows the reply just before its request. */
function isSwapped(reply: KdcExchange["reply"], request: Observation<AsReq | TgsReq>): boolean {
  if (reply === null || reply.transport !== request.transport || reply.src !== request.dst) return false;
  if (Math.abs(secondsBetween(reply.time, request.time)) >= SWAPPED_SECONDS) return false;
  if (reply.transport === "tcp" ? reply.connection !== request.connection : reply.dport !== request.sport) return false;
  const { kind } = reply.message;
  return kind === "KRB-ERROR" || (kind === "AS-REP") === (request.message.kind === "AS-REQ");
}

/** The exchange that a reply completes, or is all that the capture holds of; null for a repetition. */
export function takeReply(client: Client, reply: Observation<AsRep | TgsRep | KrbError>): KdcExchange | null {
  const open = lastOf(client.kdc, (x) => x.reply === null && isReplyTo(x, reply));
  if (open) {
    open.reply = reply;
    return open;
  }
  if (lastOf(client.kdc, (x) => isReplyTo(x, reply))) return null;
  const half: KdcExchange = {
    frame: reply.firstFrame,
    time: reply.time,
    kind: isOfSignOn(reply.message) ? "AS" : "TGS",
    kdc: reply.src,
    transport: reply.transport,
    connection: reply.connection,
    request: null,
    repeats: [],
    reply,
    unreachable: null,
  };
  client.kdc = grown(client.kdc, half);
  return half;
}

/** An ICMP error about a request. */
export function rejectRequest(exchanges: readonly KdcExchange[], error: Unreachable): void {
  const { dst, src } = error;
  const fits = (x: KdcExchange) => x.kdc === dst.address && x.transport === "udp" && x.request?.sport === src.port;
  const exchange = lastOf(exchanges, fits);
  if (exchange && exchange.reply === null) exchange.unreachable = error;
}

function isRetransmission(x: KdcExchange, o: Observation<AsReq | TgsReq>): boolean {
  const before = x.request;
  return (
    before !== null &&
    before.transport === "udp" &&
    o.transport === "udp" &&
    before.sport === o.sport &&
    x.kdc === o.dst &&
    before.message.kind === o.message.kind &&
    before.message.nonce === o.message.nonce &&
    before.message.padata.length === o.message.padata.length
  );
}

/** KRB-ERRORs that answer no TGS-REQ; RFC 4120 section 7.5.9, RFC 4556 section 3.1.3. */
const AS_ONLY: readonly number[] = [16, 18, 23, 24, 25, 66, 68, 75];

/** RFC 3244 section 2: its tickets are issued to AS-REQs alone. */
const CHANGE_PASSWORD = "kadmin/changepw";

/** A reply whose request is not in the capture. */
function isOfSignOn(reply: AsRep | TgsRep | KrbError): boolean {
  if (reply.kind !== "KRB-ERROR") return reply.kind === "AS-REP";
  if (reply.sname === null) return false;
  return (
    isSameName(reply.sname, CHANGE_PASSWORD) || (isTicketGranting(reply.sname) && AS_ONLY.includes(reply.errorCode))
  );
}

function isReplyTo(x: KdcExchange, reply: Observation<AsRep | TgsRep | KrbError>): boolean {
  if (x.transport !== reply.transport || x.kdc !== reply.src) return false;
  if (x.transport === "tcp" ? x.connection !== reply.connection : x.request && x.request.sport !== reply.dport) {
    return false;
  }
  if (x.request === null) return false;
  return reply.message.kind === "KRB-ERROR" || (reply.message.kind === "AS-REP") === (x.kind === "AS");
}
