import type { NtlmAuthenticate, NtlmChallenge } from "../../dissectors/ntlmssp/message.ts";
import type { Attempt } from "../correlate/attempts.ts";
import { isNtlm, negTokenResp } from "../correlate/attempts.ts";
import { attemptsOf } from "../correlate/legs.ts";
import { isAddress } from "../correlate/names.ts";
import type { Story } from "../correlate/story.ts";
import { comesAsNobody, nobodyOf } from "./double-hop.ts";
import { spellAnswer } from "./rules/logon-statuses.ts";
import { spell } from "./rules/refusals.ts";

/** What kind of cause stands behind a reason, for rules that rank causes by it. */
export type NtlmCause =
  | "no-ticket"
  | "no-tgt"
  | "no-spn"
  | "on-purpose"
  | "same-host"
  | "program"
  | "service"
  | "unknown";

export interface NtlmReason {
  readonly cause: NtlmCause;
  /** One sentence. */
  readonly says: string;
}

/** One reason to use NTLM: its sentence where the capture shows it. */
interface Row {
  readonly cause: NtlmCause;
  readonly says: (story: Story, ntlm: Attempt) => string | null;
}

/** Why the client used NTLM, as far as the whole capture shows; null where it did not use it. */
export function ntlmReason(story: Story): NtlmReason | null {
  const ntlm = firstNtlm(story);
  if (!ntlm) return null;
  for (const { cause, says } of rows) {
    const sentence = says(story, ntlm);
    if (sentence !== null) return { cause, says: sentence };
  }
  return { cause: "unknown", says: notShown(story) };
}

function firstNtlm({ legs }: Story): Attempt | undefined {
  return attemptsOf(legs).find(isWithNtlm);
}

const isWithNtlm = ({ token }: Attempt) => token === "ntlm";

/** The surest first: what somebody said, then what was left undone, then what only suggests itself. */
const rows: readonly Row[] = [
  {
    cause: "no-ticket",
    says(story) {
      const quest = story.quests.findLast(({ error }) => error !== null);
      if (!quest?.error) return null;
      return `The KDC refused the ticket for ${quest.sname} with ${spell(quest.error.message)}: without one the client turned to NTLM.`;
    },
  },
  {
    cause: "service",
    says(story, ntlm) {
      const before = attemptsOf(story.legs).filter((a) => a.exchange.frame < ntlm.exchange.frame);
      const kerberos = before.filter(({ token }) => token === "kerberos");
      if (kerberos.some(picksNtlm)) return "The service picked NTLM in answer to the Kerberos token.";
      const refused = kerberos.find(({ answer }) => answer === "refused");
      if (!refused) return null;
      const answer = refused.error ? spell(refused.error) : spellAnswer(refused.code);
      return `The service refused the Kerberos token first, with ${answer}: then the client tried NTLM.`;
    },
  },
  {
    cause: "service",
    says(story) {
      const picked = attemptsOf(story.legs).find((a) => a.token === "negotiate" && picksNtlm(a));
      return picked ? "The service picked NTLM from the mechanisms that the client offered." : null;
    },
  },
  {
    cause: "service",
    says({ legs }, ntlm) {
      const offers = attemptsOf(legs).filter((a) => a.offers.length > 0 && a.exchange.frame < ntlm.exchange.frame);
      const last = offers.at(-1);
      if (!last || offers.some((a) => a.offersKerberos)) return null;
      return `The service offers ${last.offers.join(", ")}, and nothing that can be Kerberos.`;
    },
  },
  { cause: "no-ticket", says: delegatesNothing },
  {
    cause: "program",
    says(story) {
      return authenticateOf(story)?.user === "" ? "The client logs on as nobody, which is done with NTLM." : null;
    },
  },
  {
    cause: "same-host",
    says({ legs }) {
      const isLoop = legs.some(({ connection }) => connection.client.address === connection.server.address);
      return isLoop ? "Client and service are the same host: Windows logs on to itself with NTLM by design." : null;
    },
  },
  {
    cause: "no-tgt",
    says({ signOn }) {
      if (!signOn || signOn.issued) return null;
      const who = signOn.cname ?? "the client";
      if (signOn.error)
        return `The client has no TGT: the KDC refused the sign-on of ${who} with ${spell(signOn.error.message)}.`;
      return signOn.stoppedAtPreauth
        ? `The client has no TGT: the sign-on of ${who} stopped where it was asked to prove who it is (25).`
        : null;
    },
  },
  { cause: "no-tgt", says: (story) => localAccount(story, "client") },
  { cause: "on-purpose", says: (story) => localAccount(story, "server") },
  {
    cause: "no-ticket",
    says(story) {
      const quest = story.quests.findLast(({ ticket }) => ticket === null);
      if (!quest) return null;
      const realm = quest.referrals.at(-1);
      if (realm !== undefined)
        return `The client was referred to ${realm} for ${quest.sname}, and got no ticket there.`;
      return `No KDC answered the request for a ticket to ${quest.sname}: without one the client turned to NTLM.`;
    },
  },
  {
    cause: "no-ticket",
    says({ kdcTrouble: { failures, unreachable, silences }, why, signOn }) {
      if (why?.what !== "kdc-unreachable" && !signOn?.exchanges.every(({ reply }) => reply === null)) return null;
      const kdcs = [
        ...failures.map(({ server }) => server.address),
        ...unreachable.map(({ dst }) => dst.address),
        ...silences.map(({ target }) => target),
        ...(signOn?.exchanges.map(({ kdc }) => kdc) ?? []),
      ];
      return `No KDC could be reached (${[...new Set(kdcs)].slice(0, 4).join(", ")}): without a ticket NTLM was left.`;
    },
  },
  {
    cause: "no-spn",
    says({ service: { host } }) {
      if (host === undefined || !isAddress(host)) return null;
      return `The service is named by its address (${host}): clients ask for no ticket for that, unless they are told to.`;
    },
  },
  {
    cause: "program",
    says(story) {
      const quest = story.quests.findLast(({ ticket }) => ticket !== null);
      return quest ? `A ticket for ${quest.sname} was issued, and the client used NTLM all the same.` : null;
    },
  },
  {
    cause: "no-spn",
    says({ service: { host }, hasKdcTraffic }) {
      if (host === undefined || host.includes(".") || !hasKdcTraffic) return null;
      return `The service is called by a single label (${host}), and the client asked for no ticket under that name.`;
    },
  },
  {
    cause: "unknown",
    says(story, ntlm) {
      if (!story.legs.some(({ attempts }) => attempts[0] === ntlm)) return null;
      return `The client began with NTLM unasked, so that the service had no part in it; why is not shown: ${open(story)}.`;
    },
  },
];

function picksNtlm({ exchange: { response } }: Attempt): boolean {
  return negTokenResp(response?.inside)?.supportedMech === "NTLMSSP" || isNtlm(response?.inside) !== null;
}

/** A server's second hop, of which the first one shows that it has nothing of the user. */
function delegatesNothing(story: Story): string | null {
  const { front } = story;
  if (front?.how !== "meanwhile" || nobodyOf(story) === null || !comesAsNobody(story)) return null;
  return `The server goes on for ${front.user ?? front.client}, and has nothing of the user to ask for a ticket with.`;
}

/** The account whose AUTHENTICATE message names a machine in place of a domain: the client's own, or the server's. */
function localAccount(story: Story, where: "client" | "server"): string | null {
  const message = authenticateOf(story);
  if (!message || message.user === "" || message.domain === "") return null;
  const { user, domain, workstation } = message;
  const server = domain === "." ? domain : (challengeOf(story)?.dnsComputer ?? "");
  if (firstLabel(domain) !== firstLabel(where === "client" ? workstation : server)) return null;
  const place = where === "client" ? `its own machine ${workstation}` : "the server itself";
  return `The client logs on with an account that no KDC knows: ${user} of ${place}.`;
}

const firstLabel = (name: string) => (name.split(".")[0] ?? "").toLowerCase();

function authenticateOf({ legs }: Story): NtlmAuthenticate | null {
  for (const { exchange } of attemptsOf(legs)) {
    const message = isNtlm(exchange.request?.inside);
    if (message?.kind === "AUTHENTICATE") return message;
  }
  return null;
}

function challengeOf({ legs }: Story): NtlmChallenge | null {
  for (const { exchange } of attemptsOf(legs)) {
    const message = isNtlm(exchange.response?.inside);
    if (message?.kind === "CHALLENGE") return message;
  }
  return null;
}

/** What the capture leaves open. A client that names the SPN it has in mind (MsvAvTargetName) could build one. */
function open(story: Story): string {
  const spn = authenticateOf(story)?.targetSpn;
  const name = spn ? "" : "a name that makes no SPN, ";
  return `a missing TGT, ${name}an SPN refused earlier, credentials typed in and a policy look alike`;
}

function notShown(story: Story): string {
  if (!story.showsMore) {
    return `Not shown: the capture holds nothing of this client but its connection to the service; ${open(story)}.`;
  }
  if (!story.hasKdcTraffic) return `Not shown: the capture holds no Kerberos traffic of this client; ${open(story)}.`;
  return `Not shown: the client asked its KDC for no ticket to this service; ${open(story)}.`;
}
