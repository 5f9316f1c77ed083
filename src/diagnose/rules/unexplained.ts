import type { Attempt } from "../../correlate/attempts.ts";
import type { Story } from "../../correlate/story.ts";
import { framesOfAttempt, framesOfQuest, framesOfSignOn } from "../evidence-frames.ts";
import type { Hit, Rule } from "../rule.ts";
import { noAdvice } from "../rule.ts";
import { kerberosCode, spell } from "./refusals.ts";

/** The root finding of a divergence that no rule explains: what was seen, and no guess. */
export function unexplained(story: Story): Rule & { readonly hit: Hit } {
  const step = story.steps.find((s) => s.step === story.divergedAt);
  return {
    id: `unexplained-${step?.id ?? "step"}`,
    severity: "error",
    title: `The sequence was left at ${step?.title ?? "a step"}, for a reason kflow has no rule for`,
    specs: [],
    check: () => null,
    advise: () => noAdvice,
    hit: hitOf(story),
  };
}

/** The answer in the protocol's own words. */
function answered(attempt: Attempt): Hit {
  const { code } = attempt;
  const said = code ? ` ${code.name} (${code.number})` : " with a refusal";
  return { detail: `The service answered${said}.`, frames: framesOfAttempt(attempt), ...(code ? { code } : {}) };
}

function hitOf(story: Story): Hit {
  const why = story.why;
  if (why?.what === "tgs-refused" && why.quest.error) {
    const error = why.quest.error.message;
    return { detail: `The KDC answered ${spell(error)}.`, frames: framesOfQuest(why.quest), code: kerberosCode(error) };
  }
  const refused = why?.what === "as-refused" ? why.signOn : story.signOn;
  if (refused?.error) {
    const error = refused.error.message;
    return { detail: `The KDC answered ${spell(error)}.`, frames: framesOfSignOn(refused), code: kerberosCode(error) };
  }
  if (why?.what === "ap-refused" && why.attempt.error) {
    const { request, response } = why.attempt.exchange;
    const frames = [request?.frame, response?.frame].filter((frame) => frame !== undefined);
    return {
      detail: `The service answered ${spell(why.attempt.error)}.`,
      frames,
      code: kerberosCode(why.attempt.error),
    };
  }
  if (why?.what === "ap-refused" || why?.what === "password-refused") return answered(why.attempt);
  return { detail: "See the frames.", frames: story.steps.flatMap((s) => s.frames).slice(-8) };
}
