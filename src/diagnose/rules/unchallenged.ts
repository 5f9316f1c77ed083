import type { Story } from "../../correlate/story.ts";
import { framesOfAttempt } from "../evidence-frames.ts";
import { setSection } from "../iis.ts";
import type { Rule } from "../rule.ts";

const enable = [
  setSection("windowsAuthentication", "/enabled:true"),
  setSection("anonymousAuthentication", "/enabled:false"),
];

/** What an answer without a challenge may mean, by its status, and what to do about it. */
const statuses: readonly { fits: (status: number) => boolean; cause: string; fix: readonly string[] }[] = [
  {
    fits: (s) => s >= 200 && s < 300,
    cause:
      "anonymous access is allowed there, or a form or another single sign-on stands in front: Windows authentication is not asked for",
    fix: enable,
  },
  {
    fits: (s) => s >= 300 && s < 400,
    cause: "the server redirects, and the capture does not show where the client went",
    fix: ["repeat with a capture that shows the request to the redirect's target"],
  },
  {
    fits: (s) => s === 403,
    cause: "an address, certificate or access rule refuses before anybody is asked who he is",
    fix: [
      "change the rule that refuses; in the log of IIS 403.6 is an address, 403.7 a client certificate",
      "403.14 (no default document) is anonymous access: switch it off, and Windows authentication on",
    ],
  },
  {
    fits: (s) => s === 404,
    cause: "wrong site, wrong binding (Host header) or wrong path: the application that authenticates is not reached",
    fix: ["correct the path in the URL, or the binding: Get-WebBinding on the server shows them all"],
  },
  {
    fits: (s) => s === 400,
    cause: "the server rejects the request itself: Host header, TLS on a plain port or the reverse",
    fix: ["use the scheme and port of the binding, and a host name that it has"],
  },
  {
    fits: (s) => s >= 502 && s <= 504,
    cause: "a gateway cannot reach its back-end, or the application pool is stopped",
    fix: ["start the back-end or its application pool"],
  },
  {
    fits: (s) => s >= 500,
    cause: "the application fails before it authenticates",
    fix: ["repair the application; its error log says what fails"],
  },
];

function meaningOf({ why }: Story) {
  const status = why?.what === "not-challenged" ? (why.attempt.code?.number ?? 0) : 0;
  return statuses.find(({ fits }) => fits(status));
}

/** Step 4: the service took the anonymous request for what it is. */
export const unchallenged: Rule = {
  id: "http-no-401",
  severity: "error",
  ends: ["not-challenged"],
  title: "The service sent no Negotiate challenge",
  specs: ["RFC 9110 section 11.6.1", "RFC 4559 section 4"],
  check(story) {
    if (story.why?.what !== "not-challenged") return null;
    const attempt = story.why.attempt;
    const { code } = attempt;
    return {
      detail:
        `The anonymous request was answered with ${code?.number ?? 0} ${code?.name ?? ""}, not with 401 and Negotiate.`.replace(
          "  ",
          " ",
        ),
      frames: framesOfAttempt(attempt),
      ...(code ? { code } : {}),
    };
  },
  advise: (w, story) => ({
    causes: [meaningOf(story)?.cause ?? "Windows authentication is off for this site or path"],
    confirm: [`curl.exe -sSI ${w.url}`, "IIS Manager: the site's Authentication page"],
    fix: meaningOf(story)?.fix ?? enable,
  }),
};
