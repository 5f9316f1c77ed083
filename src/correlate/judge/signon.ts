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
  if (!last) return incomplete("ended-early", "unknown");
  if (hearsNobody(evidence)) return incomplete("one-sided", "unknown");
  const tried = silent.length > 1 || last.repeats.length > 0 || last.unreachable !== null;
  if (tried || waitedSince(last.time, around)) return diverged(2, { what: "as-silent", signOn }, "none");
  return incomplete("ended-early", "unknown");
}
