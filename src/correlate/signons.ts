import type { AsRep, AsReq, KrbError } from "../../dissectors/kerberos/message.ts";
import type { Observation } from "../model/observation.ts";
import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import type { KdcExchange } from "./evidence.ts";
import { isSameName, isTicketGranting } from "./names.ts";
import { grown } from "./order.ts";
import { isKrbError } from "./quests.ts";

/** Rest after which another AS-REQ for the same name is another sign-on. */
const RETRY_SECONDS = 30;

/** The AS exchanges with which one name signs on: pre-authentication rounds, KDCs and transports tried. */
export interface SignOn {
  readonly cname: string | null;
  readonly realm: string | null;
  readonly sname: string | null;
  exchanges: KdcExchange[];
  issued: Observation<AsRep> | null;
  /** The last KRB-ERROR that is a refusal: neither 25, 52, 91 nor followed by an AS-REP. */
  error: Observation<KrbError> | null;
  /** The KDC asked for pre-authentication (25), and nothing with pre-authentication followed. */
  stoppedAtPreauth: boolean;
  readonly frame: number;
  readonly time: Instant;
  lastTime: Instant;
}

/** KDC_ERR_PREAUTH_REQUIRED, KRB_ERR_RESPONSE_TOO_BIG, KDC_ERR_MORE_PREAUTH_DATA_REQUIRED: rounds, not refusals. */
const ROUNDS: readonly number[] = [25, 52, 91];

export function isRound(code: number): boolean {
  return ROUNDS.includes(code);
}

const PREAUTH_REQUIRED = 25;
/** PA-ENC-TIMESTAMP, PK-AS-REQ (old and new), ENCRYPTED-CHALLENGE, SPAKE, OTP: the client proves who it is. */
const PROOFS: readonly number[] = [2, 14, 15, 16, 138, 142, 151];

/** Sorts the AS exchanges among those of one client, in order of frames, into sign-ons. */
export function findSignOns(exchanges: readonly KdcExchange[]): SignOn[] {
  const signOns: SignOn[] = [];
  for (const exchange of exchanges) {
    if (exchange.kind !== "AS") continue;
    const asked = askedIn(exchange);
    const open = openFor(signOns, exchange, asked);
    if (open) open.exchanges = grown(open.exchanges, exchange);
    const signOn = open ?? begin(exchange, asked);
    if (!open) signOns.push(signOn);
    take(signOn, exchange);
  }
  return signOns;
}

/** True for a TGT; a ticket for `kadmin/changepw` is no sign-on that logins depend on. */
export function isForTgt(signOn: SignOn): boolean {
  return signOn.sname === null || isTicketGranting(signOn.sname);
}

export function asRequest(exchange: KdcExchange): AsReq | null {
  const message = exchange.request?.message;
  return message?.kind === "AS-REQ" ? message : null;
}

/** The client proves who it is. */
export function hasProof(exchange: KdcExchange): boolean {
  return asRequest(exchange)?.padata.some((type) => PROOFS.includes(type)) ?? false;
}

function isAsRep(o: Observation): o is Observation<AsRep> {
  return o.message.kind === "AS-REP";
}

function begin(exchange: KdcExchange, { cname, realm, sname }: Asked): SignOn {
  return {
    cname,
    realm,
    sname,
    exchanges: [exchange],
    issued: null,
    error: null,
    stoppedAtPreauth: false,
    frame: exchange.frame,
    time: exchange.time,
    lastTime: exchange.time,
  };
}

function openFor(signOns: readonly SignOn[], exchange: KdcExchange, asked: Asked): SignOn | null {
  for (let at = signOns.length - 1; at >= 0; at--) {
    const signOn = signOns[at];
    if (signOn && continues(signOn, exchange, asked)) return signOn;
  }
  return null;
}

function continues(signOn: SignOn, exchange: KdcExchange, asked: Asked): boolean {
  if (signOn.issued || secondsBetween(signOn.lastTime, exchange.time) > RETRY_SECONDS) return false;
  // A KRB-ERROR need not name the client.
  const isUnnamed = signOn.cname === null || (asked.cname === null && asRequest(exchange) === null);
  const isSameUser = isUnnamed || isSameName(signOn.cname, asked.cname);
  return isSameUser && isSameName(signOn.realm, asked.realm) && isSameName(signOn.sname, asked.sname);
}

/** Who asks, and for what. */
type Asked = Pick<SignOn, "cname" | "realm" | "sname">;

/** In the words of the reply where the request is not in the capture. */
function askedIn(exchange: KdcExchange): Asked {
  const request = asRequest(exchange);
  if (request) return request;
  const message = exchange.reply?.message;
  if (message?.kind === "AS-REP") {
    return { cname: message.cname, realm: message.ticket.realm, sname: message.ticket.sname };
  }
  return message?.kind === "KRB-ERROR" ? message : { cname: null, realm: null, sname: null };
}

function take(signOn: SignOn, exchange: KdcExchange): void {
  const last = exchange.reply?.time ?? exchange.repeats.at(-1)?.time ?? exchange.time;
  if (secondsBetween(signOn.lastTime, last) > 0) signOn.lastTime = last;
  if (hasProof(exchange)) signOn.stoppedAtPreauth = false;
  const reply = exchange.reply;
  if (!reply) return;
  if (reply.message.kind === "AS-REP") {
    signOn.issued = isAsRep(reply) ? reply : null;
    signOn.error = null;
    signOn.stoppedAtPreauth = false;
  } else if (isKrbError(reply)) {
    const code = reply.message.errorCode;
    if (code === PREAUTH_REQUIRED) signOn.stoppedAtPreauth = true;
    if (!isRound(code)) signOn.error = reply;
  }
}
