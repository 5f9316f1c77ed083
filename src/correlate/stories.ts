import { secondsBetween } from "../model/time.ts";
import type { Around } from "./around.ts";
import { lastPresented } from "./attempts.ts";
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
import { inOrderOfFrames } from "./order.ts";
import type { Quest } from "./quests.ts";
import { findQuests } from "./quests.ts";
import { findLegs } from "./services/index.ts";
import type { SignOn } from "./signons.ts";
import { findSignOns, isForTgt } from "./signons.ts";
import type { Story } from "./story.ts";
import { tellLogin, tellSignOn, tellTicket } from "./tell.ts";
import { usesOf } from "./uses.ts";
import type { Candidate } from "./weak.ts";
import { findCandidates, hasFailures } from "./weak.ts";

export interface ClientStories {
  readonly told: readonly Story[];
  /** Exchanges without authentication, failed look-ups and connections: stories only on demand. */
  readonly candidates: readonly Candidate[];
}

/** Everything that one client's evidence tells, in no particular order. */
export function tellClient(evidence: Evidence, around: Around, isAsked: boolean): ClientStories {
  const naming = new Naming(evidence, around.nameOf);
  const kdc = inOrderOfFrames(evidence.kdc);
  const { quests, renewals } = findQuests(kdc);
  const signOns = findSignOns(kdc);
  const bound = bind(findLegs(evidence.services), quests, evidence.sealed, naming);
  handOver(renewals, bound.logins);
  const searches = findDcSearches(evidence);
  const locators: Story[] = [];
  for (const s of searches) if (isEvidenceOfSearch(s)) locators.push(tellLocator(s, evidence, naming, around));
  const told: Story[] = [];
  for (const login of bound.logins) {
    told.push(afterSearch(toldLogin(login, evidence, naming, signOns, around), locators));
  }
  for (const quest of bound.lone) told.push(toldTicket(quest, signOns, evidence, naming, around));
  const users = usersOf(quests);
  for (const s of signOns) if (!isLookUp(s, users)) told.push(tellSignOn(s, evidence, naming, around));
  for (const locator of locators) told.push(locator);
  const plain = weakSearches(searches, evidence, naming, around);
  if (!isAsked && !hasFailures(evidence, naming, bound)) return { told, candidates: plain };
  const failed = findCandidates(besideSearches(evidence, searches), naming, bound, signOns, around, isAsked);
  return { told, candidates: [...failed, ...plain] };
}

function toldLogin(
  login: Login,
  evidence: Evidence,
  naming: Naming,
  signOns: readonly SignOn[],
  around: Around,
): Story {
  const server = login.legs[0]?.connection.server ?? login.sealed[0]?.connection.server ?? null;
  const address = server?.address ?? null;
  const port = server?.port ?? null;
  const host = hostOfLogin(login, address, naming) ?? null;
  return tellLogin(openCase(login, { host, address, port }, evidence, naming, signOns, around));
}

/** As the client names it; else, where requests never do, by its address or the ticket. */
function hostOfLogin(login: Login, address: string | null, naming: Naming): string | null | undefined {
  if (login.kind !== "http-proxy") {
    for (const { host } of login.legs) if (host !== null) return host;
    const serverName = login.sealed[0]?.serverName;
    if (serverName != null || login.service.namesItsHost) return serverName;
  }
  const nameOfServer = address === null ? undefined : naming.nameOf(address);
  return login.kind === "http-proxy" ? nameOfServer : (nameOfServer ?? hostOfTicket(login));
}

/** The host of the ticket presented or asked for. */
function hostOfTicket(login: Login): string | undefined {
  const presented = lastPresented(attemptsOf(login.legs))?.sname;
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
  const users = quest.forUser === null ? nobody : usersOf([quest]);
  const signOn = signOns.findLast((s) => s.frame <= quest.frame && isForTgt(s) && !isLookUp(s, users)) ?? null;
  return tellTicket(quest, usesOf(quest, evidence.uses, naming), evidence, signOn, naming, around);
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

/** Of each user in whose name tickets are asked for (S4U), the frame of the last such search. */
type Users = ReadonlyMap<string, number>;

const nobody: Users = new Map();

function usersOf(quests: readonly Quest[]): Users {
  let users: Map<string, number> | null = null;
  for (const { forUser, frame } of quests) {
    if (forUser === null) continue;
    const user = userPart(forUser);
    users = (users ?? new Map()).set(user, Math.max(frame, users?.get(user) ?? 0));
  }
  return users ?? nobody;
}

/** An AS-REQ that only looks up the user before an S4U2self: it stops at error 25 and belongs to that search. */
function isLookUp({ issued, stoppedAtPreauth, cname, frame }: SignOn, users: Users): boolean {
  if (issued || !stoppedAtPreauth || users.size === 0) return false;
  return (users.get(userPart(cname ?? "")) ?? 0) > frame;
}

function userPart(name: string): string {
  return name.toLowerCase().split("@")[0] ?? "";
}
