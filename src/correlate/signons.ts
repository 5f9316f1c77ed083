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

function isAsRep(o: Observation): o is Observation<AsRep> {
  return o.message.kind === "AS-REP";
}

function begin(exchange: KdcExchange, request: AsReq | null): SignOn {
  const reply = exchange.reply?.message;
  const named = reply?.kind === "AS-REP" ? reply.cname : reply?.kind === "KRB-ERROR" ? reply.cname : null;
  return {
    cname: request?.cname ?? named,
    realm: request?.realm ?? (reply?.kind === "AS-REP" ? reply.crealm : null),
    sname: request?.sname ?? null,
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
  if (!request) return false;
  return (
    signOn.cname?.toLowerCase() === request.cname?.toLowerCase() &&
    signOn.realm?.toLowerCase() === request.realm.toLowerCase() &&
    signOn.sname === request.sname
  );
}

function add(signOn: SignOn, exchange: KdcExchange): void {
  signOn.exchanges.push(exchange);
  const last = exchange.reply?.time ?? exchange.repeats.at(-1)?.time ?? exchange.time;
  if (secondsBetween(signOn.lastTime, last) > 0) signOn.lastTime = last;
  if (asRequest(exchange)?.padata.some((type) => PROOFS.includes(type))) signOn.stoppedAtPreauth = false;
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
