import { framesOfAttempt } from "../evidence-frames.ts";
import { type NtlmCause, ntlmReason } from "../ntlm-reason.ts";
import type { Rule } from "../rule.ts";
import { challengeFrames, insteadOf, klist, unsent, unsentEnds, whyNtlm } from "./unsent-token.ts";

/** To a file server. */
export const ntlmToFileServer: Rule = {
  id: "smb-ntlm-instead",
  severity: "error",
  about: ["files"],
  ends: unsentEnds,
  title: "The client logged on to the file server with NTLM and never asked for a Kerberos ticket",
  specs: ["MS-SPNG section 3.1.5", "MS-SMB2 section 3.2.4.2.3"],
  check(story) {
    const instead = story.kind === "smb" && unsent(story) ? insteadOf(story) : null;
    if (instead?.token !== "ntlm" && instead?.token !== "negotiate") return null;
    return {
      detail: `Kerberos was on offer; the client sent NTLM. ${whyNtlm(story)}`,
      frames: [...challengeFrames(story), ...framesOfAttempt(instead)],
    };
  },
  advise: (w, story) => ({
    causes: likeliestFirst(fileServerCauses, ntlmReason(story)?.cause),
    confirm: ["klist", `klist get ${w.hostSpn}`, "cmdkey /list"],
    fix: [
      "use the server's own full name in the path",
      `netdom computername <server> /add:${w.host}    (an alias that must stay)`,
      "klist purge    (forgets refusals; then try again)",
    ],
  }),
};

/** To any other service. */
export const ntlmInstead: Rule = {
  id: "neg-ntlm-no-tgs",
  severity: "error",
  ends: unsentEnds,
  title: "The client chose NTLM and never asked for a Kerberos ticket",
  specs: ["MS-SPNG section 3.1.5", "RFC 4559 section 4"],
  check(story) {
    const instead = unsent(story) ? insteadOf(story) : null;
    if (!instead || (instead.token !== "ntlm" && instead.token !== "negotiate")) return null;
    const what = instead.token === "ntlm" ? "an NTLM message" : "a Negotiate token without Kerberos";
    const unasked = story.legs.some((leg) => leg.attempts[0] === instead) ? ", unasked" : "";
    return {
      detail: `It sent ${what}${unasked}. ${whyNtlm(story)}`,
      frames: [...challengeFrames(story), ...framesOfAttempt(instead)],
    };
  },
  advise: (w, story) => ({
    causes: likeliestFirst(ntlmCauses, ntlmReason(story)?.cause),
    confirm: [...klist, `klist get ${w.hostSpn}`],
    fix: [
      "klist purge    (forgets refusals; then try again)",
      "log on with a domain account",
      `use the server's full name in the ${w.service.locator}`,
    ],
  }),
};

type CauseTable = readonly (readonly [NtlmCause, string])[];

const fileServerCauses: CauseTable = [
  [
    "no-spn",
    "the path holds an alias or an address for which the client asks no ticket, or remembers that there is none",
  ],
  ["no-tgt", "the client has no TGT: local account, not signed on to the domain, or the TGT expired"],
  ["on-purpose", "credentials of another account were given for this server (net use /user, Credential Manager)"],
  ["same-host", "client and server are the same machine"],
];

const ntlmCauses: CauseTable = [
  ["no-tgt", "the client has no TGT: local account, not signed on to the domain, or the TGT expired"],
  ["no-spn", "it cannot build or does not try the SPN: IP address, local name, a refusal it remembers"],
  ["on-purpose", "credentials were given explicitly, for another account"],
  ["same-host", "client and server are the same machine"],
  ["program", "NTLM is forced by policy or by the program"],
];

function likeliestFirst(table: CauseTable, cause: NtlmCause | undefined): string[] {
  const fits = table.filter(([one]) => one === cause);
  return [...fits, ...table.filter(([one]) => one !== cause)].map(([, text]) => text);
}
