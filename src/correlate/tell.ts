import type { ConnectionFailure } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { Client, Service } from "../model/report.ts";
import type { Kind } from "../model/steps.ts";
import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import type { Around } from "./around.ts";
import { lastPresented } from "./attempts.ts";
import { type Case, kdcLookups, noKdcTrouble } from "./case.ts";
import { type Evidence, KERBEROS_PORT } from "./evidence.ts";
import type { Judgement } from "./judge/judgement.ts";
import { asRead, diverged } from "./judge/judgement.ts";
import { judgeLogin, showsOnlyService } from "./judge/login.ts";
import { decidingQuest } from "./judge/quests.ts";
import { judgeSignOn } from "./judge/signon.ts";
import { judgeTicket } from "./judge/ticket.ts";
import type { Naming } from "./naming.ts";
import { grown, NONE, those } from "./order.ts";
import { clientNamed, serviceNamed } from "./parties.ts";
import { noPasswordTrouble, passwordTrouble } from "./password-changes.ts";
import type { Quest } from "./quests.ts";
import type { SignOn } from "./signons.ts";
import { Steps } from "./steps.ts";
import { loginSteps, placeOf } from "./steps-login.ts";
import type { KdcTrouble, Story, StoryDraft } from "./story.ts";
import { identify } from "./users.ts";
import type { TokenUse } from "./uses.ts";

/** Judges a login and tells it step by step. */
export function tellLogin(c: Case): Story {
  const judgement = asRead(judgeLogin(c), c.around.isLoginUnread);
  const steps = loginSteps(c, judgement);
  const client = identify(c.evidence, c.quests, c.legs, c.signOn);
  const begun = c.attempts[0]?.exchange.frame;
  const story = newStory(c.kind, client, serviceOf(c), judgement, steps, c.naming, begun);
  story.showsMore = !showsOnlyService(c);
  story.hasKdcTraffic = c.around.roles.kdc;
  story.lookups = c.lookups;
  story.legs = c.legs;
  story.sealed = c.sealed;
  story.quests = c.quests;
  story.handedOver = c.handedOver;
  story.failures = c.failures;
  story.silences = c.silences;
  story.unreachable = c.unreachable;
  story.kdcTrouble = judgement.divergedAt === null ? c.kdcTrouble : wholeTrouble(c, judgement.divergedAt);
  story.signOn = c.signOn;
  story.tickets = c.around.tickets;
  return story;
}

function wholeTrouble(c: Case, divergedAt: number): KdcTrouble {
  const { failures, unreachable, silences, lostDatagrams } = c.kdcTrouble;
  const { lookups, targets } = kdcLookups(c);
  const isSignOnSilent = divergedAt === 5 && isSilent(c);
  return { failures, unreachable, silences, lostDatagrams, isSignOnSilent, lookups, targets };
}

function isSilent({ signOn, evidence, around }: Case): boolean {
  return signOn !== null && judgeSignOn(signOn, evidence, around).why?.what === "as-silent";
}

function serviceOf(c: Case): Service {
  const quest = decidingQuest(c.quests);
  const presented = lastPresented(c.attempts);
  const spn = quest?.sname ?? presented?.sname;
  const realm = quest?.ticket?.realm ?? presented?.realm ?? (quest ? askedRealm(quest) : undefined);
  const server = c.legs[0]?.connection.server ?? c.sealed[0]?.connection.server;
  const address = server?.address ?? c.address;
  const port = server?.port ?? c.port;
  const host = c.host ?? (quest?.spn.host || undefined);
  return serviceNamed(host, address, port, spn, realm);
}

function askedRealm(quest: Quest): string | undefined {
  const asked = quest.exchanges.at(-1)?.request?.message.realm;
  return asked ?? quest.error?.message.realm ?? undefined;
}

/** A search for a ticket on its own. */
export function tellTicket(
  quest: Quest,
  uses: readonly TokenUse[],
  evidence: Evidence,
  signOn: SignOn | null,
  naming: Naming,
  around: Around,
): Story {
  const judgement = asRead(judgeTicket(quest, evidence, around), around.isLoginUnread);
  const steps = new Steps("ticket");
  const quests = [quest];
  steps.search(quests);
  steps.diverge(judgement);
  const realm = quest.ticket?.realm ?? askedRealm(quest);
  const client = identify(evidence, quests, NONE, signOn);
  const { host, port } = quest.spn;
  const asked = serviceNamed(host, null, port, quest.sname, realm);
  const story = newStory("ticket", client, asked, judgement, steps, naming);
  story.kdcTrouble = kdcTroubleNear(steps, evidence);
  story.quests = quests;
  story.uses = uses;
  story.signOn = signOn;
  story.tickets = around.tickets;
  const isChange = quest.ticket !== null && isForPassword(quest.sname);
  if (isChange) story.passwordTrouble = passwordTrouble(evidence, quest.lastTime, around);
  return story;
}

/** One AS exchange. */
export function tellSignOn(signOn: SignOn, evidence: Evidence, naming: Naming, around: Around): Story {
  const judgement = asRead(judgeSignOn(signOn, evidence, around), around.isLoginUnread);
  const steps = new Steps("sign-on");
  let requests: Observation[] | null = null;
  let replies: Observation[] | null = null;
  for (const { request, repeats, reply } of signOn.exchanges) {
    if (request) requests = grown<Observation>(requests, request);
    for (const repeat of repeats) requests = grown<Observation>(requests, repeat);
    if (reply) replies = grown<Observation>(replies, reply);
  }
  steps.observe(1, requests);
  steps.observe(2, replies);
  steps.diverge(judgement);
  const kdc = signOn.exchanges.at(-1)?.kdc;
  const realm = signOn.issued?.message.crealm ?? signOn.realm;
  const client = clientNamed(evidence.client, signOn.issued?.message.cname ?? signOn.cname, realm);
  const asked = serviceNamed(null, kdc, KERBEROS_PORT, signOn.sname, realm);
  const story = newStory("sign-on", client, asked, judgement, steps, naming);
  story.kdcTrouble = kdcTroubleNear(steps, evidence);
  story.signOn = signOn;
  story.tickets = around.tickets;
  const isChange = signOn.issued !== null && isForPassword(signOn.sname);
  if (isChange) story.passwordTrouble = passwordTrouble(evidence, signOn.lastTime, around);
  return story;
}

const isForPassword = (sname: string | null): boolean => sname !== null && /^kadmin\/changepw/i.test(sname);

/**
 * A story as judged, of which nothing else is known yet: every one is made here, with its fields in this order.
 *
 * `begun`: its frame where no step has one.
 */
export function newStory(
  kind: Kind,
  client: Client,
  service: Service,
  judgement: Judgement,
  steps: Steps,
  naming: Naming,
  begun = 1,
): StoryDraft {
  return {
    kind,
    client,
    service,
    verdict: judgement.verdict,
    divergedAt: judgement.divergedAt,
    outcome: judgement.outcome,
    why: judgement.why,
    missing: judgement.missing,
    steps: steps.drafts,
    frame: steps.firstFrame ?? begun,
    showsMore: true,
    hasKdcTraffic: true,
    lookups: NONE,
    legs: NONE,
    sealed: NONE,
    quests: NONE,
    handedOver: NONE,
    uses: NONE,
    failures: NONE,
    silences: NONE,
    unreachable: NONE,
    kdcTrouble: noKdcTrouble,
    passwordTrouble: noPasswordTrouble,
    signOn: null,
    tickets: null,
    locator: null,
    lostSearch: null,
    naming,
    front: null,
  };
}

/** What stood between the client and its KDCs at the time of these steps. */
export function kdcTroubleNear(steps: Steps, { failures, unreachable, lostDatagrams }: Evidence): KdcTrouble {
  if (failures.length + unreachable.length + lostDatagrams.length === 0) return noKdcTrouble;
  const near = isNear(steps);
  return {
    ...noKdcTrouble,
    failures: those(failures, (f) => f.server.port === KERBEROS_PORT && near(f.lastTime)),
    unreachable: those(unreachable, (u) => u.dst.port === KERBEROS_PORT && near(u.time)),
    lostDatagrams: those(lostDatagrams, (d) => d.dport === KERBEROS_PORT || d.sport === KERBEROS_PORT),
  };
}

/** Trouble of another hour explains nothing. */
function isNear({ drafts }: Steps): (time: Instant) => boolean {
  const times = drafts.flatMap((step) => step.seen.map((o) => o.time));
  const [first, last] = [times[0], times.at(-1)];
  if (!first || !last) return () => true;
  return (time) => secondsBetween(first, time) > -NEAR_SECONDS && secondsBetween(last, time) < NEAR_SECONDS;
}

const NEAR_SECONDS = 60;

/** A sign-on that ended before its AS-REQ: no connection to the KDC. */
export function tellUnreachableKdc(failure: ConnectionFailure, evidence: Evidence, naming: Naming): Story {
  const judgement = diverged(1, { what: "as-unreachable" }, "none");
  const steps = new Steps("sign-on");
  const how = failure.how === "refused" ? "SYN answered by RST" : "SYN without answer";
  steps.note(1, failure.frames, `TCP: ${how}, port ${failure.server.port}`, placeOf(failure));
  steps.diverge(judgement);
  const { address, port } = failure.server;
  const story = newStory("sign-on", { address: evidence.client }, { address, port }, judgement, steps, naming);
  story.kdcTrouble = kdcTroubleNear(steps, evidence);
  return story;
}
