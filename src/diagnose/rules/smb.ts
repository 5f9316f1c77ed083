import { nt } from "../../../dissectors/erref/codes.ts";
import type { Attempt } from "../../correlate/attempts.ts";
import { attemptsOf } from "../../correlate/legs.ts";
import { isGuest, smbRequest, smbResponse } from "../../correlate/services/smb.ts";
import type { Story } from "../../correlate/story.ts";
import { frameOfServerEnd, framesOfAttempt } from "../evidence-frames.ts";
import type { Rule } from "../rule.ts";
import { serviceWords } from "../service-words.ts";
import { logonAdvice, spellAnswer } from "./logon-statuses.ts";
import { originWords, withVersionCauses } from "./presented-ticket.ts";
import { kerberosCode, spell } from "./refusals.ts";
import { refusedAttempt, ticketWords } from "./refused-token.ts";

const MODIFIED = 41;

/** The attempt at which a login to a file server was left for this reason. */
function at(story: Story, what: "not-challenged" | "no-kerberos-offered" | "unanswered"): Attempt | null {
  return story.kind === "smb" && story.why?.what === what ? story.why.attempt : null;
}

const withCode = (attempt: Attempt) => (attempt.code ? { code: attempt.code } : {});

const negotiateRefused: Rule = {
  id: "smb-negotiate-refused",
  severity: "error",
  about: ["files"],
  ends: ["not-challenged"],
  title: "The file server refused to negotiate",
  specs: ["MS-SMB2 section 3.3.5.4"],
  check(story) {
    const attempt = at(story, "not-challenged");
    if (!attempt) return null;
    const request = smbRequest(attempt.exchange);
    const dialects = request?.kind === "NEGOTIATE request" ? request.dialects.join(", ") : "";
    return {
      detail: `The NEGOTIATE (dialects ${dialects}) was answered with ${spellAnswer(attempt.code)}.`,
      frames: framesOfAttempt(attempt),
      ...withCode(attempt),
    };
  },
  advise: () => ({
    causes: [
      "client and server have no dialect in common: SMB1 is switched off on one side, or all there is on the other",
    ],
    confirm: ["Get-SmbServerConfiguration    (on the server: EnableSMB1Protocol, EnableSMB2Protocol)"],
    fix: ["bring the older side to SMB 2 or 3"],
  }),
};

const onlyNtlm: Rule = {
  id: "neg-ntlm-only-offer",
  severity: "error",
  about: ["files"],
  ends: ["no-kerberos-offered"],
  title: "The file server does not offer Kerberos",
  specs: ["MS-SMB2 section 3.3.5.4", "MS-SPNG section 3.2.5.2"],
  check(story) {
    const attempt = at(story, "no-kerberos-offered");
    if (!attempt) return null;
    return {
      detail: `The mechanisms of its NEGOTIATE response are ${attempt.offers.join(", ")}: no client can use Kerberos there.`,
      frames: framesOfAttempt(attempt),
    };
  },
  advise: (w) => ({
    causes: [
      "the server is no member of a domain (workgroup, appliance with local users)",
      "the server is a member, and its keytab or its machine account is gone",
    ],
    confirm: [`nltest /sc_verify:${w.domain}    (on the server)`, "net ads testjoin    (Samba)"],
    fix: ["join the server to the domain, or join it again"],
  }),
};

const cutOff: Rule = {
  id: "smb-cut-off",
  severity: "error",
  about: ["files"],
  ends: ["unanswered"],
  title: "The connection was cut in answer to the NEGOTIATE",
  specs: ["MS-SMB2 section 3.3.5.3"],
  check(story) {
    const attempt = at(story, "unanswered");
    const frame = attempt ? frameOfServerEnd(attempt) : null;
    if (!attempt || frame === null) return null;
    const isOld = smbRequest(attempt.exchange)?.protocol === "smb";
    return {
      detail: `The server's side ended the connection after the NEGOTIATE${isOld ? " of SMB1" : ""}, without an answer.`,
      frames: [...framesOfAttempt(attempt), frame],
    };
  },
  advise: () => ({
    causes: [
      "the client speaks SMB1 only, and the server has it switched off",
      "a firewall or intrusion prevention system cuts SMB",
      "the server's limit of connections",
    ],
    confirm: ["Get-SmbServerConfiguration    (on the server: EnableSMB1Protocol)"],
    fix: ["bring the client to SMB 2 or 3", "let the device on the way pass TCP 445"],
  }),
};

const noAnswer: Rule = {
  id: "smb-no-answer",
  severity: "error",
  about: ["files"],
  ends: ["unanswered"],
  title: "The file server took the NEGOTIATE and never answered",
  specs: [],
  check(story) {
    const attempt = at(story, "unanswered");
    if (!attempt) return null;
    return {
      detail: "It was acknowledged, but no answer followed while the client waited.",
      frames: framesOfAttempt(attempt),
    };
  },
  advise: (w) => ({
    causes: ["the file service hangs", "a device on the way swallows SMB"],
    confirm: [`${w.tryOut}    (from the server itself)`],
    fix: ["restart the file service", "repair the device on the way"],
  }),
};

const modified: Rule = {
  id: "smb-modified",
  severity: "error",
  about: ["files"],
  ends: ["ap-refused"],
  title: "The file server cannot decrypt the ticket",
  specs: ["RFC 4120 section 3.2.3", "MS-SMB2 section 3.3.5.5.3"],
  check(story) {
    const attempt = story.kind === "smb" ? refusedAttempt(story) : null;
    if (!attempt) return null;
    const { error, code } = attempt;
    const ticket = `${ticketWords(attempt)}${originWords(story, attempt)}`;
    const seen = {
      frames: framesOfAttempt(attempt),
      ...withVersionCauses(story, attempt, serviceWords(story).wrongKey),
    };
    if (error?.errorCode === MODIFIED) {
      const detail = `The server answered the token with ${spell(error)}.${ticket}`;
      return { detail, ...seen, code: kerberosCode(error) };
    }
    if (error !== null || code?.number !== nt.LOGON_FAILURE) return null;
    return {
      detail: `The server answered the token with ${spellAnswer(code)} and no reason, as Samba does for a ticket that it cannot decrypt. A wrong clock and a replay look the same.${ticket}`,
      ...seen,
      code,
    };
  },
  advise: (w) => ({
    causes: w.service.wrongKey,
    confirm: [
      `setspn -Q ${w.spn}`,
      `Resolve-DnsName ${w.host}`,
      `nltest /sc_verify:${w.domain}    (on the server)`,
      "net ads testjoin    (Samba; then klist -ke)",
    ],
    fix: [
      "correct the DNS record, then: ipconfig /flushdns",
      ...w.service.keyFix,
      `netdom computername <server> /add:${w.host}    (an alias that must stay)`,
      "klist purge    (on the client, after the repair)",
    ],
  }),
};

const refused: Rule = {
  id: "smb-logon-refused",
  severity: "error",
  about: ["files"],
  ends: ["ap-refused"],
  title: "The file server refused the logon",
  specs: ["MS-SMB2 section 3.3.5.5.3"],
  check(story) {
    const attempt = story.kind === "smb" ? refusedAttempt(story) : null;
    if (!attempt || attempt.error || attempt.code === null || attempt.code.number === nt.MORE_PROCESSING_REQUIRED)
      return null;
    return {
      detail: `The server answered the Kerberos token with ${spellAnswer(attempt.code)}.${ticketWords(attempt)}`,
      frames: framesOfAttempt(attempt),
      code: attempt.code,
    };
  },
  advise: (w, story) =>
    logonAdvice(refusedAttempt(story)?.code ?? null, w) ?? {
      causes: ["the server let Kerberos pass and refuses the account, or could not check it: its log says why"],
      confirm: ["Security log of the server: event 4625 with status and sub-status"],
      fix: ["according to the sub-status"],
    },
};

/** Steps 4 and 8 of a file server. */
export const fileServerRules: readonly Rule[] = [negotiateRefused, onlyNtlm, cutOff, noAnswer, modified, refused];

const accessDenied: Rule = {
  id: "smb-access-denied",
  severity: "warning",
  about: ["files", "legs"],
  title: "Logged on, but not allowed to use the share",
  specs: ["MS-SMB2 section 3.3.5.7"],
  check(story) {
    const denied = usesOf(story).find((use) => {
      const response = smbResponse(use);
      return response?.kind === "TREE_CONNECT response" && response.ntStatus === nt.ACCESS_DENIED;
    });
    if (!denied) return null;
    const request = smbRequest(denied);
    const path = request?.kind === "TREE_CONNECT request" ? (request.path ?? "") : "";
    return {
      detail: `TREE_CONNECT ${path === "" ? "" : `to ${path} `}was answered with STATUS_ACCESS_DENIED. This is authorization, not authentication.`,
      frames: [denied.request?.frame, denied.response?.frame].filter((frame) => frame !== undefined),
      code: {
        protocol: smbResponse(denied)?.protocol ?? "smb2",
        number: nt.ACCESS_DENIED,
        name: "STATUS_ACCESS_DENIED",
      },
      step: 8,
    };
  },
  advise: (w) => ({
    causes: [`${w.user} has no permission on the share or its folder`],
    confirm: ["Get-SmbShareAccess <share>    (on the server)", "Get-Acl <folder>    (on the server)"],
    fix: [`Grant-SmbShareAccess <share> -AccountName ${w.user} -AccessRight Change`],
  }),
};

const usesOf = (story: Story) => story.legs.flatMap((leg) => leg.uses);

const expired: Rule = {
  id: "smb-session-expired",
  severity: "info",
  about: ["files", "legs"],
  title: "The session ended with its ticket, and the client renewed it",
  specs: ["MS-SMB2 section 3.3.5.2.9"],
  check(story) {
    const end = usesOf(story).find((use) => {
      const response = smbResponse(use);
      return response !== null && "ntStatus" in response && response.ntStatus === nt.NETWORK_SESSION_EXPIRED;
    });
    const frame = end?.response?.frame;
    const renewed = attemptsOf(story.legs).find((a) => a.answer === "accepted" && a.exchange.frame > (frame ?? 0));
    if (frame === undefined || !renewed) return null;
    return {
      detail:
        "The server answered with STATUS_NETWORK_SESSION_EXPIRED; the client logged on to the same session again. That is how long sessions go on.",
      frames: [frame, ...framesOfAttempt(renewed)],
      step: 8,
    };
  },
  advise: () => ({ causes: [], confirm: [], fix: [] }),
};

const guest: Rule = {
  id: "smb-guest",
  severity: "warning",
  about: ["files", "legs"],
  title: "The server let the client in as a guest",
  specs: ["MS-SMB2 section 2.2.6"],
  check(story) {
    const attempt = attemptsOf(story.legs).find(
      (a) => a.answer === "accepted" && isGuest(a.exchange) && (a.user !== null || a.token === "kerberos"),
    );
    if (!attempt) return null;
    return {
      detail:
        "The SESSION_SETUP response says guest: the credentials were not checked, or were wrong and nobody minded.",
      frames: framesOfAttempt(attempt),
      step: 8,
    };
  },
  advise: (w) => ({
    causes: [
      `the server does not know ${w.user} and maps strangers to its guest account (Samba: map to guest)`,
      "the guest account of the server is switched on",
    ],
    confirm: ["Get-LocalUser Guest    (on the server)", "testparm -s --parameter-name='map to guest'    (Samba)"],
    fix: ["switch the guest off, and give the user an account that the server knows"],
  }),
};

/** What else a login to a file server showed. */
export const fileServerNotes: readonly Rule[] = [accessDenied, guest, expired];
