import { isAddress } from "../../correlate/names.ts";
import { httpRequest } from "../../correlate/services/http.ts";
import { framesOfAttempt, framesOfQuest, framesOfSignOn } from "../evidence-frames.ts";
import type { Rule } from "../rule.ts";
import { isWeb } from "../service-words.ts";
import { ignoredChallenge } from "./ignored-challenge.ts";
import { ntlmInstead, ntlmToFileServer } from "./ntlm-instead.ts";
import { challengeFrames, insteadOf, klist, unsent, unsentEnds, visibility } from "./unsent-token.ts";

const noCredential: Rule = {
  id: "as-no-credential",
  severity: "error",
  ends: unsentEnds,
  title: "The client had no valid TGT and nothing to get one with",
  specs: ["RFC 4120 section 3.1.1"],
  check(story) {
    const why = unsent(story);
    const signOn = story.signOn;
    if (!why || insteadOf(story) || !signOn?.stoppedAtPreauth || signOn.issued || signOn.error) return null;
    return {
      detail: `${signOn.cname ?? "The client"} sent an AS-REQ, was asked to prove who it is (KDC_ERR_PREAUTH_REQUIRED, 25), and went no further.`,
      frames: [...framesOfSignOn(signOn), ...challengeFrames(story)],
      code: { protocol: "kerberos", number: 25, name: "KDC_ERR_PREAUTH_REQUIRED" },
    };
  },
  advise: (w) => ({
    causes: [
      "the TGT expired and was not renewed, and no password or keytab is at hand (service, script, long session)",
      "the user cancelled the password prompt",
      "the keytab cannot be read",
    ],
    confirm: klist,
    fix: [
      `kinit ${w.principal}`,
      "lock and unlock the session (Windows)",
      "kinit -R    (long-running jobs; or k5start)",
    ],
  }),
};

const address: Rule = {
  id: "tgs-spn-ip",
  severity: "error",
  ends: unsentEnds,
  title: "The server is named by its address",
  specs: ["RFC 4559 section 4"],
  check(story) {
    const why = unsent(story);
    const host = story.service.host;
    if (!why || host === undefined || !isAddress(host)) return null;
    return {
      detail: `The request is for ${host}: clients do not ask for tickets for addresses unless they are told to.`,
      frames: [...challengeFrames(story), ...framesOfAttempt(insteadOf(story))],
    };
  },
  advise: (w) => ({
    causes: [`the ${w.service.locator} holds an IP address in place of a name`],
    confirm: [`setspn -Q ${w.hostSpn}`],
    fix: [
      `use the server's name in the ${w.service.locator}`,
      `setspn -S ${w.hostSpn} <service account>    (with TryIPSPN=1 on the clients)`,
    ],
  }),
};

const basic: Rule = {
  id: "neg-basic-chosen",
  severity: "error",
  ends: unsentEnds,
  title: "The client answered with another scheme than Negotiate",
  specs: ["RFC 9110 section 11.6.1"],
  check(story) {
    const instead = unsent(story) ? insteadOf(story) : null;
    if (!instead || (instead.token !== "basic" && instead.token !== "other")) return null;
    const scheme = httpRequest(instead.exchange)?.authorization?.scheme ?? "another scheme";
    return {
      detail: `Negotiate was offered; the client sent ${scheme}.`,
      frames: [...challengeFrames(story), ...framesOfAttempt(instead)],
    };
  },
  advise: () => ({
    causes: ["the client is configured for that scheme, or prefers it"],
    confirm: ["the client's authentication settings"],
    fix: ["switch the client to Negotiate (curl: --negotiate -u :)"],
  }),
};

const defective: Rule = {
  id: "ap-defective-token",
  severity: "error",
  ends: unsentEnds,
  title: "The token is damaged",
  specs: ["RFC 4559 section 4"],
  check(story) {
    const instead = unsent(story) ? insteadOf(story) : null;
    if (instead?.token !== "defective") return null;
    return { detail: "The Authorization header holds no readable token.", frames: framesOfAttempt(instead) };
  },
  advise: () => ({
    causes: ["a proxy cut the header", "the client builds a wrong header"],
    confirm: ["compare the header at the client and at the server"],
    fix: ["raise the proxy's header limit, correct the client"],
  }),
};

const noRequest: Rule = {
  id: "tgs-no-request",
  severity: "error",
  ends: unsentEnds,
  title: "The client was asked for Kerberos and never asked for a ticket",
  specs: ["RFC 4559 section 4", "RFC 4120 section 3.3"],
  check(story) {
    if (!unsent(story)) return null;
    return {
      detail: `After the ${story.kind === "smb" ? "NEGOTIATE response" : "Negotiate challenge"} it sent no token. ${visibility(story)}`,
      frames: challengeFrames(story),
    };
  },
  advise: (w, story) => ({
    causes: [
      "the client has no TGT: not signed on, local account, or the TGT expired",
      ...(isWeb(story) ? ["the program is not allowed to send credentials to this site"] : []),
      "it remembers an earlier refusal for this SPN",
      `the SPN cannot be built from the ${w.service.locator}`,
    ],
    confirm: [...klist, `klist get ${w.hostSpn}`],
    fix: [
      "klist purge    (forgets refusals; then try again)",
      `kinit ${w.principal}    (Linux)`,
      "log on with a domain account",
    ],
  }),
};

const unused: Rule = {
  id: "ap-not-sent",
  severity: "error",
  ends: ["not-presented"],
  title: "The client got the ticket and never presented it",
  specs: ["RFC 4120 section 3.2.2"],
  check(story) {
    if (story.why?.what !== "not-presented" || story.why.quest === null) return null;
    return {
      detail: `A ticket for ${story.why.quest.sname} was issued, and no request with it followed.`,
      frames: [...challengeFrames(story), ...framesOfQuest(story.why.quest)],
    };
  },
  advise: (w) => ({
    causes: [
      "the program gave up before it answered (time-out, user closed it)",
      "the ticket was asked for by another program than the one that talks to the service",
    ],
    confirm: [w.logOn],
    fix: ["repeat with a capture on the client that runs until the page or the error shows"],
  }),
};

/** Steps 5 and 7: challenged, and no Kerberos token came. */
export const unsentRules: readonly Rule[] = [
  address,
  ntlmToFileServer,
  ntlmInstead,
  basic,
  defective,
  noCredential,
  ignoredChallenge,
  noRequest,
  unused,
];
