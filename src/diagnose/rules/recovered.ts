import type { KrbError, Ticket } from "../../../dissectors/kerberos/message.ts";
import type { KdcExchange } from "../../correlate/evidence.ts";
import { attemptsOf } from "../../correlate/legs.ts";
import { NONE, those } from "../../correlate/order.ts";
import { isKrbError, type Quest } from "../../correlate/quests.ts";
import { isRound } from "../../correlate/signons.ts";
import type { Story } from "../../correlate/story.ts";
import { RC4 } from "../../correlate/tickets/weak-etypes.ts";
import { secondsBetween } from "../../model/time.ts";
import { framesOfExchange, framesOfFailures } from "../evidence-frames.ts";
import { exchangesOf } from "../exchanges.ts";
import type { Rule } from "../rule.ts";
import { noAdvice } from "../rule.ts";
import { kerberosCode, spell } from "./refusals.ts";

function askedOf(story: Story): readonly KdcExchange[] {
  return story.kind === "sign-on" ? (story.signOn?.exchanges ?? NONE) : exchangesOf(story);
}

function gotTicket(story: Story): boolean {
  return story.kind === "sign-on" ? story.signOn?.issued != null : story.quests.some(isAnswered);
}

const isAnswered = ({ ticket }: Quest) => ticket !== null;

const refusedFirst: Rule = {
  id: "kdc-error-recovered",
  severity: "info",
  about: ["kdc-error"],
  title: "A KDC error that the client overcame",
  specs: [],
  check(story) {
    if (!gotTicket(story)) return null;
    const refused = those(askedOf(story), isRefused);
    const first = refused[0];
    const error = first ? refusalOf(first) : null;
    if (!first || !error) return null;
    return {
      detail: `${first.kdc} answered ${spell(error)} first; the client then got its ticket.`,
      frames: refused.flatMap(framesOfExchange),
      code: kerberosCode(error),
      step: story.kind === "sign-on" ? 2 : 6,
    };
  },
  advise: () => noAdvice,
};

function refusalOf(exchange: KdcExchange): KrbError | null {
  const reply = exchange.reply;
  if (!reply || !isKrbError(reply) || isRound(reply.message.errorCode)) return null;
  return reply.message;
}

const isRefused = (exchange: KdcExchange) => refusalOf(exchange) !== null;

const failover: Rule = {
  id: "perf-kdc-failover",
  severity: "info",
  about: ["kdc-silent"],
  title: "One KDC, or one way to it, did not answer; another did",
  specs: ["RFC 4120 section 7.2"],
  check(story) {
    if (!gotTicket(story)) return null;
    const silent = those(askedOf(story), isSilent);
    const isOwn = story.kind === "sign-on" || story.quests.length > 0;
    const failures = isOwn ? story.kdcTrouble.failures : [];
    const since = silent[0]?.time ?? failures[0]?.firstTime;
    if (!since) return null;
    const dead = [
      ...new Set([
        ...silent.map((x) => `${x.kdc} over ${x.transport.toUpperCase()}`),
        ...failures.map((f) => `${f.server.address} over TCP`),
      ]),
    ];
    const answered = askedOf(story).find((x) => x.reply && secondsBetween(since, x.reply.time) > 0);
    const delay = answered?.reply ? secondsBetween(since, answered.reply.time) : null;
    return {
      detail: `No answer from ${dead.join(", ")}${delay !== null && delay > 0.1 ? `; it cost ${delay.toFixed(1)} seconds` : ""}.`,
      frames: [...silent.flatMap(framesOfExchange), ...framesOfFailures(failures)],
      step: story.kind === "sign-on" ? 2 : 6,
    };
  },
  advise: (w, story) => {
    const mute = muteWay(story);
    const open =
      mute && `allow ${mute.transport.toUpperCase()} 88 from ${w.client} to ${mute.kdc}, and the answers back`;
    return { causes: [], confirm: [], fix: [open ?? "remove or repair the KDC that does not answer"] };
  },
};

/** One datagram gets lost; more look like a way that is closed. */
const UNANSWERED = 2;

/** What went to a KDC that answers the same client over the other transport, and never over this one. */
function muteWay(story: Story): KdcExchange | null {
  const asked = askedOf(story);
  const mute = those(asked, isSilent).find(({ kdc, transport }) => {
    const toIt = asked.filter((x) => x.kdc === kdc);
    const sameWay = toIt.filter((x) => x.transport === transport);
    return sameWay.length >= UNANSWERED && sameWay.every(isSilent) && toIt.some((x) => x.reply !== null);
  });
  return mute ?? null;
}

const isSilent = ({ request, reply }: KdcExchange) => reply === null && request !== null;

const rc4: Rule = {
  id: "tgs-rc4-ticket",
  severity: "warning",
  about: ["rc4"],
  title: "The service ticket is encrypted with RC4",
  specs: ["RFC 8429"],
  check(story) {
    const issued = story.quests.find(({ ticket }) => isRc4(ticket))?.issued;
    const presented = attemptsOf(story.legs).find(({ apReq }) => isRc4(apReq?.ticket));
    const ticket = issued?.message.ticket ?? presented?.apReq?.ticket;
    if (!ticket) return null;
    return {
      detail: `The ticket for ${ticket.sname} has etype ${ticket.etype}: it stops working where RC4 is switched off.`,
      frames: [issued?.frame ?? presented?.exchange.frame ?? story.frame],
      step: 6,
    };
  },
  advise: () => ({
    causes: ["the service account is limited to RC4, or has no AES keys"],
    confirm: ["Get-ADUser <service account> -Properties msDS-SupportedEncryptionTypes,PasswordLastSet"],
    fix: ["Set-ADUser <service account> -KerberosEncryptionType AES128,AES256", "reset its password, renew its keytab"],
  }),
};

const isRc4 = (ticket: Ticket | null | undefined) => ticket != null && RC4.includes(ticket.etype);

/** What went wrong on the way and was overcome, and what works today and may not tomorrow. */
export const recoveredRules: readonly Rule[] = [refusedFirst, failover, rc4];
