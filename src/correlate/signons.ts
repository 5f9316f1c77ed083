import type { AsRep, AsReq, KrbError } from "../../dissectors/kerberos/message.ts";
import type { Observation } from "../model/observation.ts";
import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import type { KdcExchange } from "./evidence.ts";
import { isTicketGranting } from "./names.ts";
import { isKrbError } from "./quests.ts";

/** Rest after which another AS-REQ for the same name is another sign-on. */
const RETRY_SECONDS = 30;

/** The AS exchanges with which one name signs on: pre-authentication rounds, KDCs and transports tried. */
export interface SignOn {
  readonly cname: string | null;
  readonly realm: string | null;
  readonly sname: string | null;
  readonly exchanges: KdcExchange[];
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

export function findSignOns(exchanges: readonly KdcExchange[]): SignOn[] {
  const signOns: SignOn[] = [];
  for (const exchange of exchanges) {
    const request = asRequest(exchange);
    const open = signOns.findLast((s) => continues(s, exchange, request));
    const signOn = open ?? begin(exchange, request);
    if (!open) signOns.push(signOn);
    add(signOn, exchange);
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

function begin(exchange: KdcExchange, request: AsReq | null): SignOn {
  const named = namesIn(exchange, request);
  return {
    ...named,
    exchanges: [],
    issued: null,
    error: null,
    stoppedAtPreauth: false,
    frame: exchange.frame,
    time: exchange.time,
    lastTime: exchange.time,
  };
}

function continues(signOn: SignOn, exchange: KdcExchange, request: AsReq | null): boolean {
  if (signOn.issued || secondsBetween(signOn.lastTime, exchange.time) > RETRY_SECONDS) return false;
  const named = namesIn(exchange, request);
  // A KRB-ERROR need not name the client.
  const isSameUser = isSame(signOn.cname, named.cname) || (!request && named.cname === null) || signOn.cname === null;
  return isSameUser && isSame(signOn.realm, named.realm) && isSame(signOn.sname, named.sname);
}

const isSame = (a: string | null, b: string | null): boolean => a?.toLowerCase() === b?.toLowerCase();

/** Who asks, and for what; in the words of the reply where the request is not in the capture. */
function namesIn({ reply }: KdcExchange, request: AsReq | null): Pick<SignOn, "cname" | "realm" | "sname"> {
  if (request) return { cname: request.cname, realm: request.realm, sname: request.sname };
  const message = reply?.message;
  if (message?.kind === "AS-REP") {
    return { cname: message.cname, realm: message.ticket.realm, sname: message.ticket.sname };
  }
  if (message?.kind !== "KRB-ERROR") return { cname: null, realm: null, sname: null };
  return { cname: message.cname, realm: message.realm, sname: message.sname };
}

function add(signOn: SignOn, exchange: KdcExchange): void {
  signOn.exchanges.push(exchange);
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
