import { attemptsOf } from "../../correlate/legs.ts";
import type { Missing, Story } from "../../correlate/story.ts";
import type { Rule } from "../rule.ts";
import { stepOf } from "../step-of.ts";
import { spellAnswer } from "./logon-statuses.ts";

const recapture = [
  "ipconfig /flushdns",
  "klist purge",
  "netsh trace start capture=yes report=disabled tracefile=C:\\login.etl    (as administrator; repeat the login, then: netsh trace stop)",
];

const LAST = 4;

/** The last frames of all steps, in order. */
function lastFrames(story: Story): number[] {
  const last: number[] = [];
  for (const { frames } of story.steps) {
    for (let at = frames.length - 1; at >= 0; at--) if (!keep(last, frames[at] ?? 0)) break;
  }
  return last;
}

/** Puts a frame among the last ones, where it stands once; false where it comes before all of them. */
function keep(last: number[], frame: number): boolean {
  let at = last.length;
  while (at > 0 && (last[at - 1] ?? 0) > frame) at--;
  if (at > 0 && last[at - 1] === frame) return true;
  if (at === 0 && last.length === LAST) return false;
  for (let to = last.length; to > at; to--) last[to] = last[to - 1] ?? 0;
  last[at] = frame;
  if (last.length > LAST) last.shift();
  return true;
}

/** A ticket that was presented over a protocol without steps of its own was not lost from sight. */
const isGap = (story: Story, missing: Missing): boolean => story.missing === missing && story.uses.length === 0;

/** One rule per reason for which a sequence stays undecided. */
function gap(id: string, missing: Missing, title: string, detail: string, fix: readonly string[]): Rule {
  const advice = { causes: [], confirm: [], fix };
  return {
    id,
    severity: "warning",
    ends: [missing],
    title,
    specs: [],
    check: (story) => (isGap(story, missing) ? { detail, frames: lastFrames(story) } : null),
    advise: () => advice,
  };
}

function onlyWhere(fits: (story: Story) => boolean, rule: Rule): Rule {
  return { ...rule, check: (story) => (fits(story) ? rule.check(story) : null) };
}

const noKdc: Rule = {
  id: "cap-no-kdc",
  severity: "info",
  about: ["ok"],
  title: "The capture holds no Kerberos traffic of this client",
  specs: [],
  check(story) {
    if (stepOf(story, "tgs-req")?.state !== "not-captured") return null;
    if (stepOf(story, "tgs-rep")?.state === "observed") return null;
    return {
      detail:
        "A ticket was presented, but no exchange with a KDC is in the capture: filtered out, on another interface, or before the capture began.",
      frames: stepOf(story, "ap-req")?.frames ?? [],
      step: 5,
    };
  },
  advise: () => ({ causes: [], confirm: [], fix: recapture }),
};

const serverError: Rule = {
  id: "ap-500",
  severity: "warning",
  ends: ["server-error"],
  title: "The service failed while it handled the token",
  specs: ["RFC 9110 section 15.6"],
  check(story) {
    if (story.missing !== "server-error") return null;
    const attempt = attemptsOf(story.legs).findLast((a) => a.answer === "server-error");
    return {
      detail: `The answer to the token is ${spellAnswer(attempt?.code ?? null)}, without a token of its own: an application or gateway fault, which says nothing about authentication.`,
      frames: attempt ? [attempt.exchange.request?.frame ?? 1, attempt.exchange.response?.frame ?? 1] : [],
      step: 8,
    };
  },
  advise: () => ({
    causes: ["the application or what a gateway forwards to is broken"],
    confirm: ["the server's error log"],
    fix: [],
  }),
};

const stoppedAtPreauth: Rule = {
  ...gap(
    "as-preauth-only",
    "preauth-only",
    "The sign-on stopped when pre-authentication was asked for",
    "The KDC asked the client to prove who it is (25); no AS-REQ with a proof is in the capture.",
    [],
  ),
  advise: (w) => ({
    causes: [],
    confirm: [],
    fix: [`kinit ${w.principal}    (or log on again, with the capture running)`],
  }),
};

/** What the capture cannot show, and how to take a better one. */
export const captureRules: readonly Rule[] = [
  gap(
    "cap-ended-early",
    "ended-early",
    "The capture ends before the login does",
    "What came next is not in the file.",
    recapture,
  ),
  gap(
    "cap-one-sided",
    "one-sided",
    "The capture shows one direction only",
    "The other side's packets are not in the file, although they are acknowledged.",
    ["mirror both directions of the port, or capture on the client itself"],
  ),
  gap(
    "cap-started-late",
    "started-late",
    "The capture began in the middle of the login",
    "How the connection began is not in the file: the service may have been asked, and have answered, before.",
    recapture,
  ),
  gap(
    "cap-lost-packets",
    "lost",
    "The capture lost packets that matter",
    "Bytes were acknowledged that are not in the file.",
    ["capture with a larger buffer or a filter (dumpcap -B 64), and look at its drop counter"],
  ),
  gap(
    "cap-lost-packets",
    "not-repeated",
    "The capture lacks an answer",
    "A question without an answer was asked only once: who waits in vain asks again, so the answer most likely came, and the capture lost it.",
    ["capture with a larger buffer or a filter (dumpcap -B 64), and look at its drop counter"],
  ),
  gap(
    "cap-truncated",
    "cut",
    "The frames are cut by a snap length",
    "Only the beginning of each message was captured: headers that decide are missing.",
    ["capture whole packets: dumpcap -s 0, pktmon start --capture --pkt-size 0"],
  ),
  onlyWhere(
    (story) => story.kind !== "smb",
    gap(
      "cap-tls",
      "encrypted",
      "Request, challenge and token are inside TLS",
      "DNS and Kerberos are visible; what the service answered is not.",
      [
        "capture at a hop where HTTP is in clear",
        "or set SSLKEYLOGFILE for the browser and read the steps in Wireshark: kflow does not decrypt TLS",
      ],
    ),
  ),
  onlyWhere(
    (story) => story.kind === "smb",
    gap(
      "cap-tls",
      "encrypted",
      "The capture joined an encrypted connection to the file server",
      "The session was set up before the capture began; what is said in it now is encrypted by SMB itself.",
      ["net use * /delete    (with the capture running: ends the sessions)", "then open the share again"],
    ),
  ),
  gap(
    "cap-no-http",
    "service-leg",
    "The ticket was issued; where it was used is not in the capture",
    "No connection of this client address, in a protocol that kflow reads, presents this ticket.",
    recapture,
  ),
  gap(
    "cap-no-http",
    "names-only",
    "Only the name's look-up is in the capture",
    "DNS answered with an address; no connection of a protocol that kflow reads follows in the capture.",
    recapture,
  ),
  stoppedAtPreauth,
  serverError,
  noKdc,
];
