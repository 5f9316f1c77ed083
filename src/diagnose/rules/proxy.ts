import type { Attempt } from "../../correlate/attempts.ts";
import { attemptsOf } from "../../correlate/legs.ts";
import { httpResponse } from "../../correlate/services/http.ts";
import type { Story } from "../../correlate/story.ts";
import { framesOfAttempt } from "../evidence-frames.ts";
import type { Advice, Rule } from "../rule.ts";
import type { Words } from "../words.ts";
import { refusedAttempt, ticketWords } from "./refused-token.ts";

const PROXY_AUTHENTICATION_REQUIRED = 407;
/** The first 407 is the challenge, the second may be that of a parallel connection. */
const LOOP = 3;

/** What the proxy answered with 407. */
function refusals(story: Story): Attempt[] {
  if (story.kind !== "http-proxy") return [];
  return attemptsOf(story.legs).filter(
    ({ exchange }) => httpResponse(exchange)?.status === PROXY_AUTHENTICATION_REQUIRED,
  );
}

const OTHER_NAME =
  "the client calls the proxy by another name than the one that is registered: alias, address, load balancer";

const adviceWith = (w: Words, ...causes: readonly string[]): Advice => ({
  causes,
  confirm: [`setspn -Q ${w.hostSpn}`, "setspn -X -F    (duplicates)", "klist -ke    (keytab of the proxy)"],
  fix: [
    `setspn -S ${w.hostSpn} <account of the proxy>`,
    "give the clients the proxy's full registered name",
    "make a new keytab for the proxy",
  ],
});

const loop: Rule = {
  id: "http-407-loop",
  severity: "error",
  about: ["proxy"],
  ends: ["ap-refused"],
  title: "The proxy takes no token and asks for another",
  specs: ["RFC 9110 section 15.5.8", "RFC 4559 section 5"],
  check(story) {
    const attempt = refusedAttempt(story);
    if (!attempt || attempt.error) return null;
    const again = refusals(story).filter(({ token }) => token !== "none");
    if (again.length === 0) return null;
    const count = again.length === 1 ? "A token was" : `${again.length} tokens were`;
    return {
      detail: `${count} answered with 407, and no answer says why.${ticketWords(attempt)}`,
      frames: again.flatMap(framesOfAttempt),
    };
  },
  // The KDC issued a ticket for the name, so that it is registered somewhere.
  advise: (w) =>
    adviceWith(
      w,
      `the SPN ${w.hostSpn} is on another account than the proxy's`,
      "the proxy's keytab is of an old password, or it cannot do Kerberos at all",
      OTHER_NAME,
    ),
};

const unanswered: Rule = {
  id: "http-407-loop",
  severity: "warning",
  about: ["proxy", "legs", "diverged"],
  title: "The proxy keeps asking for credentials, and gets none that it takes",
  specs: ["RFC 9110 section 15.5.8"],
  check(story) {
    const again = story.divergedAt === 5 || story.divergedAt === 6 ? refusals(story) : [];
    if (again.length < LOOP) return null;
    return {
      detail: `${again.length} requests were answered with 407.`,
      frames: again.flatMap(framesOfAttempt),
      step: 4,
    };
  },
  advise: (w) => adviceWith(w, `the SPN ${w.hostSpn} is missing`, OTHER_NAME, "the client has no TGT"),
};

export const proxyRules: readonly Rule[] = [loop];
export const proxyNotes: readonly Rule[] = [unanswered];
