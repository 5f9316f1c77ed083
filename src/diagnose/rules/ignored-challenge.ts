import { httpRequest } from "../../correlate/services/http.ts";
import type { Story } from "../../correlate/story.ts";
import type { Rule } from "../rule.ts";
import type { Words } from "../words.ts";
import { challengeFrames, insteadOf, klist, unsent, unsentEnds, visibility } from "./unsent-token.ts";

/** A browser, and where it is told to which sites it may authenticate. */
interface Browser {
  readonly isMeant: RegExp;
  readonly confirm: string;
  readonly fix: (w: Words) => string;
}

const policies = "HKLM\\SOFTWARE\\Policies";

/** Each calls itself by the names of those below it, too. */
const browsers: readonly Browser[] = [
  {
    isMeant: /\bEdg\//,
    confirm: "edge://policy: AuthServerAllowlist",
    fix: (w) => `reg add ${policies}\\Microsoft\\Edge /v AuthServerAllowlist /d ${w.host}`,
  },
  {
    isMeant: /Chrome\//,
    confirm: "chrome://policy: AuthServerAllowlist",
    fix: (w) => `reg add ${policies}\\Google\\Chrome /v AuthServerAllowlist /d ${w.host}`,
  },
  {
    isMeant: /Firefox\//,
    confirm: "Firefox, about:config: network.negotiate-auth.trusted-uris",
    fix: (w) => `Firefox, about:config: set network.negotiate-auth.trusted-uris to ${w.host}`,
  },
];

function browsersOf(story: Story): readonly Browser[] {
  const agent = userAgent(story) ?? "";
  const meant = browsers.find(({ isMeant }) => isMeant.test(agent));
  return meant === undefined ? browsers : [meant];
}

function userAgent(story: Story): string | null {
  for (const leg of story.legs) {
    for (const attempt of leg.attempts) {
      const agent = httpRequest(attempt.exchange)?.userAgent;
      if (agent) return agent;
    }
  }
  return null;
}

const isBrowser = (story: Story) => /Mozilla\//.test(userAgent(story) ?? "");

/** Linux and macOS have neither a registry nor zones. */
function isElsewhere(story: Story): boolean {
  const agent = userAgent(story) ?? "";
  return /X11|Macintosh/.test(agent) && !/Firefox\//.test(agent);
}

function fixOf(w: Words, story: Story): string[] {
  const lines = browsersOf(story).map(({ fix }) => fix(w));
  if (!isElsewhere(story)) return [...lines, "or add the site to the Local intranet zone"];
  return [`set the browser's policy AuthServerAllowlist to ${w.host} (Linux: a file in /etc/opt/…/policies/managed)`];
}

/** A browser that does not trust the site sends nothing at all. */
export const ignoredChallenge: Rule = {
  id: "http-401-ignored",
  severity: "error",
  ends: unsentEnds,
  title: "The browser ignored the challenge",
  specs: ["RFC 4559 section 4"],
  check(story) {
    const why = unsent(story);
    if (!why || insteadOf(story) || !isBrowser(story)) return null;
    return {
      detail: `Negotiate was offered, and the browser sent no token. ${visibility(story)}`,
      frames: challengeFrames(story),
    };
  },
  advise: (w, story) => ({
    causes: [
      "the site is not in the Local intranet zone, or not on the browser's allow list",
      "integrated authentication is switched off, or the window is private",
      "the user has no TGT (not signed on to the domain)",
    ],
    confirm: [
      ...browsersOf(story).map(({ confirm }) => confirm),
      ...(isElsewhere(story) ? [] : ["inetcpl.cpl: zone of the site"]),
      ...klist,
    ],
    fix: fixOf(w, story),
  }),
};
