import { secondsBetween } from "../model/time.ts";
import type { Around } from "./around.ts";
import { openCase } from "./case.ts";
import type { Evidence } from "./evidence.ts";
import { handOver } from "./handing-over.ts";
import { attemptsOf } from "./legs.ts";
import { findDcSearches, isEvidenceOfSearch } from "./locator.ts";
import { tellLocator } from "./locator-story.ts";
import { besideSearches, weakSearches } from "./locator-weak.ts";
import type { Login } from "./logins.ts";
import { bind } from "./logins.ts";
import { splitSpn } from "./names.ts";
import { Naming } from "./naming.ts";
import type { Quest } from "./quests.ts";
import { findQuests } from "./quests.ts";
import { findLegs } from "./services/index.ts";
import type { SignOn } from "./signons.ts";
import { findSignOns, isForTgt } from "./signons.ts";
import type { Story } from "./story.ts";
import { tellLogin, tellSignOn, tellTicket } from "./tell.ts";
import { usesOf } from "./uses.ts";
import type { Candidate } from "./weak.ts";
import { findCandidates } from "./weak.ts";

export interface ClientStories {
  readonly told: readonly Story[];
  /** Exchanges without authentication, failed look-ups and connections: stories only on demand. */
  readonly candidates: readonly Candidate[];
}

/** Everything that one client's evidence tells, in no particular order. */
export function tellClient(evidence: Evidence, around: Around, isAsked: boolean): ClientStories {
  const naming = new Naming(evidence, around.nameOf);
  const kdc = [...evidence.kdc].sort((a, b) => a.frame - b.frame);
  const { quests, renewals } = findQuests(kdc.filter((x) => x.kind === "TGS"));
  const signOns = findSignOns(kdc.filter((x) => x.kind === "AS"));
  const bound = bind(findLegs(evidence.services), quests, evidence.sealed, naming);
  handOver(renewals, bound.logins);
  const searches = findDcSearches(evidence);
  const locators = searches.filter(isEvidenceOfSearch);
  const plain = searches.filter((search) => !locators.includes(search));
  const toldLocators = locators.map((search) => tellLocator(search, evidence, naming, around));
  const told = [
    ...bound.logins.map((login) => afterSearch(toldLogin(login, evidence, naming, signOns, around), toldLocators)),
    ...bound.lone.map((quest) => toldTicket(quest, signOns, evidence, naming, around)),
    ...signOns.filter((s) => !isLookUp(s, quests)).map((s) => tellSignOn(s, evidence, naming, around)),
    ...toldLocators,
  ];
  const candidates = findCandidates(besideSearches(evidence, searches), naming, bound, signOns, around, isAsked);
  return { told, candidates: [...candidates, ...weakSearches(plain, evidence, naming, around)] };
}

function toldLogin(
  login: Login,
  evidence: Evidence,
  naming: Naming,
  signOns: readonly SignOn[],
  around: Around,
): Story {
  const server = login.legs[0]?.connection.server ?? login.sealed[0]?.connection.server ?? null;
  const sni = login.sealed[0]?.serverName ?? null;
  const named = login.legs.find((leg) => leg.host !== null)?.host ?? sni;
  const nameOfServer = server ? [...naming.namesOf(server.address)][0] : undefined;
  const unnamed = login.service.namesItsHost ? undefined : (nameOfServer ?? hostOfTicket(login));
  const subject = {
    host: (login.kind === "http-proxy" ? nameOfServer : (named ?? unnamed)) ?? null,
    address: server?.address ?? null,
    port: server?.port ?? null,
  };
  return tellLogin(openCase(login, subject, evidence, naming, signOns, around));
}

/** The host of the ticket presented or asked for. */
function hostOfTicket(login: Login): string | undefined {
  const presented = attemptsOf(login.legs).findLast((a) => a.apReq)?.apReq?.ticket.sname;
  const host = presented === undefined ? login.quests.at(-1)?.spn.host : splitSpn(presented).host;
  return host || undefined;
}

function toldTicket(
  quest: Quest,
  signOns: readonly SignOn[],
  evidence: Evidence,
  naming: Naming,
  around: Around,
): Story {
  const signOn = signOns.findLast((s) => isForTgt(s) && s.frame <= quest.frame && !isLookUp(s, [quest])) ?? null;
  const uses = usesOf(quest, evidence.uses, naming);
  return tellTicket(quest, uses, evidence, signOn, naming, around);
}

/** A client that found no domain controller asks nobody for a ticket, for a while. */
const SEARCH_SECONDS = 120;

/** A login for which no ticket was asked, with the search in vain that came before its end. */
function afterSearch(story: Story, locators: readonly Story[]): Story {
  if (story.why?.what !== "no-tgs-req" && story.why?.what !== "kdc-unreachable") return story;
  const end = story.legs.at(-1)?.attempts.at(-1)?.exchange.time;
  const lost = locators.findLast(({ why, locator }) => {
    if (end === undefined || locator === null || why?.what !== "dc-not-found") return false;
    return Math.abs(secondsBetween(locator.search.lastTime, end)) < SEARCH_SECONDS;
  });
  return lost === undefined ? story : { ...story, lostSearch: lost.locator };
}

/** An AS-REQ that only looks up the user before an S4U2self: it stops at error 25 and belongs to that search. */
function isLookUp(signOn: SignOn, quests: readonly Quest[]): boolean {
  if (signOn.issued || !signOn.stoppedAtPreauth) return false;
  const user = userPart(signOn.cname);
  return quests.some(
    (quest) => quest.forUser !== null && userPart(quest.forUser) === user && quest.frame > signOn.frame,
  );
}

function userPart(name: string | null): string {
  return (name ?? "").toLowerCase().split("@")[0] ?? "";
}
