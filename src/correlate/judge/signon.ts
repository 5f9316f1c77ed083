import { secondsBetween } from "../../model/time.ts";
import type { Around } from "../around.ts";
import { waitedSince } from "../around.ts";
import type { Evidence } from "../evidence.ts";
import type { SignOn } from "../signons.ts";
import type { Judgement } from "./judgement.ts";
import { diverged, incomplete, ok } from "./judgement.ts";
import { hearsNobody } from "./quests.ts";

/** Judges an AS exchange: step 1 the AS-REQ, step 2 its AS-REP. */
export function judgeSignOn(signOn: SignOn, evidence: Evidence, around: Around): Judgement {
  if (signOn.issued) return ok();
  if (signOn.error) return diverged(2, { what: "as-refused", signOn }, "refused");
  if (signOn.stoppedAtPreauth) return incomplete("preauth-only", "unknown");
  const silent = signOn.exchanges.filter((x) => x.reply === null);
  const last = silent.at(-1);
  if (wentOn(signOn, evidence)) return incomplete("lost", "unknown");
  if (!last) return needsTcp(signOn, evidence) ? diverged(2, { what: "as-silent", signOn }, "none") : early();
  if (hearsNobody(evidence)) return incomplete("one-sided", "unknown");
  const tried = silent.length > 1 || last.repeats.length > 0 || last.unreachable !== null;
  if (tried || waitedSince(last.time, around)) return diverged(2, { what: "as-silent", signOn }, "none");
  return early();
}

const early = () => incomplete("ended-early", "unknown");

/** Tickets are asked for with a TGT: the reply was there, though not in the capture. */
function wentOn(signOn: SignOn, evidence: Evidence): boolean {
  return evidence.kdc.some((x) => x.kind === "TGS" && x.request !== null && x.frame > signOn.frame);
}

/** The last answer was "too big for UDP", and the connections over TCP that followed failed. */
function needsTcp(signOn: SignOn, evidence: Evidence): boolean {
  return evidence.failures.some((f) => f.server.port === 88 && secondsBetween(signOn.time, f.lastTime) >= 0);
}
