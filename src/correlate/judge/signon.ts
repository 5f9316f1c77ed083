import { secondsBetween } from "../../model/time.ts";
import type { Around } from "../around.ts";
import { type Evidence, type KdcExchange, KERBEROS_PORT, type Seen } from "../evidence.ts";
import { asRequest, hasProof, type SignOn } from "../signons.ts";
import type { Judgement } from "./judgement.ts";
import { diverged, incomplete, ok } from "./judgement.ts";
import { doubtOf, isProven, mayBeGrantedUnread, unreadOfKdc } from "./silence.ts";

/** Judges an AS exchange: step 1 the AS-REQ, step 2 its AS-REP. */
export function judgeSignOn(signOn: SignOn, evidence: Evidence, around: Around): Judgement {
  if (signOn.issued) return ok();
  if (mayBeGrantedUnread(signOn.lastTime, evidence)) return incomplete("cut", "unknown");
  const silent = signOn.exchanges.filter((x) => x.reply === null);
  const last = silent.at(-1);
  if (signOn.error) return judgeRefusal(signOn, signOn.error, evidence, around);
  if (signOn.stoppedAtPreauth) return incomplete("preauth-only", "unknown");
  if (wentOn(signOn, evidence)) return incomplete(unreadOfKdc(null, evidence) ?? "lost", "unknown");
  if (silent.some((x, at) => wasAnsweredUnseen(x, silent.slice(at + 1)))) return incomplete("not-repeated", "unknown");
  const doubt = last || !needsTcp(signOn, evidence) ? doubtOf(silent, evidence, around) : null;
  return doubt === null ? diverged(2, { what: "as-silent", signOn }, "none") : incomplete(doubt, "unknown");
}

/** Who was refused and asked again has the last word of the KDC: unless nobody knows what that was, it is the refusal. */
function judgeRefusal(signOn: SignOn, { frame }: Seen, evidence: Evidence, around: Around): Judgement {
  const again = signOn.exchanges.filter((x) => x.reply === null && x.frame > frame);
  if (again.length > 0) {
    if (wentOn(signOn, evidence)) return incomplete("lost", "unknown");
    const doubt = doubtOf(again, evidence, around);
    if (doubt !== null && doubt !== "ended-early") return incomplete(doubt, "unknown");
  }
  return diverged(2, { what: "as-refused", signOn }, "refused");
}

/** Asked without a proof, then with one: the KDC had demanded it (KDC_ERR_PREAUTH_REQUIRED). */
function wasAnsweredUnseen(x: KdcExchange, later: readonly KdcExchange[]): boolean {
  return x.repeats.length === 0 && asRequest(x) !== null && !hasProof(x) && later.some(hasProof);
}

/** Tickets are asked for with a TGT: the reply was there, though not in the capture. */
function wentOn(signOn: SignOn, evidence: Evidence): boolean {
  return evidence.kdc.some((x) => x.kind === "TGS" && x.request !== null && x.frame > signOn.frame);
}

/** The last answer was "too big for UDP", and the connections over TCP that followed failed. */
function needsTcp(signOn: SignOn, evidence: Evidence): boolean {
  const later = evidence.failures.filter(
    (f) => f.server.port === KERBEROS_PORT && secondsBetween(signOn.time, f.lastTime) >= 0,
  );
  return later.some(isProven);
}
