import { nt } from "../../../dissectors/erref/codes.ts";
import type { Attempt } from "../../correlate/attempts.ts";
import { isNtlm, negTokenInit, negTokenResp } from "../../correlate/attempts.ts";
import { attemptsOf } from "../../correlate/legs.ts";
import type { Story } from "../../correlate/story.ts";
import { framesOfAttempt } from "../evidence-frames.ts";
import { ntlmReason } from "../ntlm-reason.ts";
import type { Rule } from "../rule.ts";
import { noAdvice } from "../rule.ts";
import { isWeb } from "../service-words.ts";
import { logonAdvice, spellAnswer } from "./logon-statuses.ts";

const ntlmOf = (story: Story): Attempt[] => attemptsOf(story.legs).filter((a) => a.token === "ntlm");
const framesOf = (attempts: readonly Attempt[]): number[] => attempts.flatMap(framesOfAttempt);

const afterKdcError: Rule = {
  id: "neg-ntlm-after-kdc-err",
  severity: "info",
  about: ["ntlm", "diverged"],
  title: "The client fell back to NTLM",
  specs: ["MS-SPNG section 3.1.5"],
  check(story) {
    const ntlm = story.divergedAt === 6 && story.kind !== "smb" ? ntlmOf(story) : [];
    if (ntlm.length === 0) return null;
    return {
      detail: `A consequence, not a cause. ${ntlmReason(story)?.says ?? ""}`,
      frames: framesOf(ntlm),
      step: 7,
    };
  },
  advise: () => noAdvice,
};

const afterReject: Rule = {
  id: "neg-ntlm-after-reject",
  severity: "info",
  about: ["ntlm", "diverged"],
  title: "The client fell back to NTLM",
  specs: ["MS-SPNG section 3.1.5"],
  check(story) {
    const ntlm = story.divergedAt === 8 ? ntlmOf(story) : [];
    if (ntlm.length === 0) return null;
    return {
      detail: `A consequence, not a cause. ${ntlmReason(story)?.says ?? ""}`,
      frames: framesOf(ntlm),
      step: 8,
    };
  },
  advise: () => noAdvice,
};

const onlyOffer: Rule = {
  id: "neg-ntlm-only-offer",
  severity: "info",
  about: ["web"],
  ends: ["no-kerberos-offered"],
  title: "NTLM is all the service offers",
  specs: ["RFC 4559 section 4"],
  check(story) {
    if (!isWeb(story) || story.why?.what !== "no-kerberos-offered") return null;
    const offers = story.why.attempt.offers.map((scheme) => scheme.toLowerCase());
    if (!offers.includes("ntlm")) return null;
    return {
      detail: "The challenge names NTLM and no Negotiate.",
      frames: framesOfAttempt(story.why.attempt),
      step: 4,
    };
  },
  advise: () => noAdvice,
};

const failed: Rule = {
  id: "neg-ntlm-fail",
  severity: "warning",
  about: ["ntlm"],
  title: "NTLM was refused too",
  specs: ["MS-NLMP section 3.1.5"],
  check(story) {
    const refused = refusedNtlm(story);
    // Directory servers say why themselves: their refusals have rules of their own.
    if (!refused || isBlocked(refused) || story.kind === "ldap") return null;
    return {
      detail: howRefused(refused),
      frames: framesOfAttempt(refused),
      ...(refused.code && !isWeb(story) ? { code: refused.code } : {}),
      step: 8,
    };
  },
  advise: (w, story) => {
    const known = logonAdvice(refusedNtlm(story)?.code ?? null, w);
    const fix = [`repair Kerberos for ${w.spn} instead`];
    if (known) return { ...known, fix: [...known.fix, ...fix] };
    const refused = refusedNtlm(story);
    if (refused && isFirst(refused)) return { causes: [NO_NTLM], confirm: [NTLM_LOG], fix };
    const wrong =
      refused && isAnonymous(refused) ? "the server lets nobody in without a name" : "the password or domain is wrong";
    return { causes: [wrong, NO_NTLM], confirm: ["Security log of the server: event 4625 and its sub-status"], fix };
  },
};

const NO_NTLM = "the server cannot do NTLM, or a policy forbids it";
const NTLM_LOG = "Microsoft-Windows-NTLM/Operational: events 8001 to 8004 on client, server and domain controller";

/** Nobody has said yet who he is. */
function isFirst({ exchange }: Attempt): boolean {
  return isNtlm(exchange.request?.inside)?.kind === "NEGOTIATE";
}

function howRefused(refused: Attempt): string {
  const answer = spellAnswer(refused.code);
  if (isFirst(refused)) {
    return `The NEGOTIATE message was answered with ${answer} and no CHALLENGE: the server does not do NTLM.`;
  }
  if (isAnonymous(refused)) return `The AUTHENTICATE message, which names no user, was answered with ${answer}.`;
  return `The AUTHENTICATE message was answered with ${answer}: wrong password, another domain, or a level of NTLM that the server rejects.`;
}

function isAnonymous({ exchange }: Attempt): boolean {
  const message = isNtlm(exchange.request?.inside);
  return message?.kind === "AUTHENTICATE" && message.user === "";
}

function refusedNtlm(story: Story): Attempt | undefined {
  return ntlmOf(story).find((a) => a.answer === "refused");
}

function isBlocked({ code }: Attempt): boolean {
  return code?.protocol.startsWith("smb") === true && code.number === nt.NTLM_BLOCKED;
}

const blocked: Rule = {
  id: "neg-ntlm-blocked",
  severity: "warning",
  about: ["ntlm"],
  title: "NTLM is forbidden there",
  specs: ["MS-ERREF section 2.3.1"],
  check(story) {
    const refused = ntlmOf(story).find((a) => a.answer === "refused" && isBlocked(a));
    if (!refused) return null;
    return {
      detail: `The server answered NTLM with ${spellAnswer(refused.code)}: a policy restricts it, and only Kerberos gets in.`,
      frames: framesOfAttempt(refused),
      ...(refused.code ? { code: refused.code } : {}),
      step: 8,
    };
  },
  advise: (w) => ({
    causes: ["“Network security: Restrict NTLM” is set on the server or on the domain controllers"],
    confirm: [NTLM_LOG],
    fix: [
      `repair Kerberos for ${w.spn}: that is the cause, NTLM only its substitute`,
      "or name the server in the policy's list of exceptions",
    ],
  }),
};

const instead: Rule = {
  id: "smb-ntlm-instead",
  severity: "warning",
  about: ["ntlm", "diverged"],
  title: "The file server was asked with NTLM instead of Kerberos",
  specs: ["MS-SPNG section 3.1.5"],
  check(story) {
    const ntlm = story.kind === "smb" && story.divergedAt === 6 ? ntlmOf(story) : [];
    if (ntlm.length === 0) return null;
    return {
      detail: `A consequence, not a cause. ${ntlmReason(story)?.says ?? ""}`,
      frames: framesOf(ntlm),
      step: 7,
    };
  },
  advise: () => noAdvice,
};

const anonymous: Rule = {
  id: "neg-anon",
  severity: "warning",
  about: ["ntlm"],
  title: "The client logged on as nobody",
  specs: ["MS-NLMP section 3.2.5.1.2"],
  check(story) {
    const empty = ntlmOf(story).find(isAnonymous);
    if (!empty) return null;
    return {
      detail:
        "The NTLM AUTHENTICATE message names no user: an anonymous logon, as a service makes that may not delegate.",
      frames: framesOfAttempt(empty),
      step: 7,
    };
  },
  advise: () => ({
    causes: [
      "a double hop without delegation: the front-end has no credentials of the user",
      "the client runs without a user",
    ],
    confirm: ["klist    (on the front-end, as the service's account)"],
    fix: ["set up constrained or resource-based delegation for the front-end"],
  }),
};

const negoex: Rule = {
  id: "neg-negoex",
  severity: "info",
  about: ["negotiate"],
  title: "The client speaks NegoEx",
  specs: ["MS-NEGOEX section 2.2"],
  check(story) {
    const used = attemptsOf(story.legs).find(prefersNegoex);
    if (!used) return null;
    return {
      detail: "The first mechanism of the token is NEGOEX (PKU2U or a cloud identity), which is not Kerberos.",
      frames: framesOfAttempt(used),
      step: 7,
    };
  },
  advise: () => noAdvice,
};

function prefersNegoex({ token, exchange }: Attempt): boolean {
  return token === "negotiate" && negTokenInit(exchange.request?.inside)?.mechTypes[0] === "NEGOEX";
}

const downgrade: Rule = {
  id: "neg-downgrade",
  severity: "warning",
  about: ["legs"],
  title: "The mechanism changed, and nothing protects the change",
  specs: ["RFC 4178 section 5"],
  check(story) {
    for (const attempt of attemptsOf(story.legs)) {
      const resp = negTokenResp(attempt.exchange.response?.inside);
      if (!resp?.supportedMech || resp.hasMic || resp.negState !== "accept-completed") continue;
      const init = negTokenInit(attempt.exchange.request?.inside);
      if (!init) continue;
      const first = init.mechTypes[0];
      if (first === undefined || isSame(first, resp.supportedMech)) continue;
      return {
        detail: `The client preferred ${first}, the service completed with ${resp.supportedMech} and no mechListMIC.`,
        frames: framesOfAttempt(attempt),
        step: 8,
      };
    }
    return null;
  },
  advise: () => ({
    causes: ["an implementation that leaves the MIC out", "somebody on the way changed the list of mechanisms"],
    confirm: ["compare the tokens at the client and at the server"],
    fix: ["look into the path between client and service"],
  }),
};

/** Microsoft's historic OID and the standard one both mean Kerberos. */
function isSame(a: string, b: string): boolean {
  return a.replace("MS-", "") === b.replace("MS-", "");
}

/** What NTLM and SPNEGO add to a story that was judged elsewhere. */
export const ntlmRules: readonly Rule[] = [
  failed,
  blocked,
  anonymous,
  downgrade,
  instead,
  afterKdcError,
  afterReject,
  onlyOffer,
  negoex,
];
