import { framesOfSignOn } from "../evidence-frames.ts";
import type { Hit, Rule } from "../rule.ts";
import { refusalRules } from "./refusal-rule.ts";
import { aboutTime, clockWords, kerberosCode, spell } from "./refusals.ts";
import { errorOfSignOn, type RefusedSignOn, refusedSignOn } from "./refused-signon.ts";
import { accountRefusals } from "./signon-account.ts";
import { certificateRefusals } from "./signon-certificate.ts";
import { kdcRefusals } from "./signon-kdc.ts";

function tell({ signOn, error }: RefusedSignOn): Hit {
  const who = signOn.cname ?? "the client";
  const clock = aboutTime.includes(error.errorCode) ? clockWords(error, signOn.error?.time) : "";
  return {
    detail: `The KDC refused the sign-on of ${who}@${signOn.realm ?? "?"} with ${spell(error)}.${clock}`,
    frames: framesOfSignOn(signOn),
    code: kerberosCode(error),
  };
}

/** KRB-ERRORs of sign-on, each with what we believe of it. */
export const signOnRules: readonly Rule[] = refusalRules(
  { about: ["sign-on-refused"] },
  [...accountRefusals, ...kdcRefusals, ...certificateRefusals],
  errorOfSignOn,
  refusedSignOn,
  tell,
);
