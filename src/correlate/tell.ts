import type { ConnectionFailure } from "../model/connection.ts";
import type { Client, Service } from "../model/report.ts";
import type { Kind } from "../model/steps.ts";
import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import type { Around } from "./around.ts";
import { type Case, NONE, those } from "./case.ts";
import type { Evidence } from "./evidence.ts";
import type { Judgement } from "./judge/judgement.ts";
import { diverged } from "./judge/judgement.ts";
import { judgeLogin, showsOnlyService } from "./judge/login.ts";
import { decidingQuest } from "./judge/quests.ts";
import { judgeSignOn } from "./judge/signon.ts";
import { judgeTicket } from "./judge/ticket.ts";
import type { Naming } from "./naming.ts";
import { clientNamed, serviceNamed } from "./parties.ts";
import { noPasswordTrouble, passwordTrouble } from "./password-changes.ts";
import type { Quest } from "./quests.ts";
import type { SignOn } from "./signons.ts";
import { draftSteps, fillSearch, markDivergence, noteAt, observe } from "./steps.ts";
import { loginSteps } from "./steps-login.ts";
import type { StepDraft, Story } from "./story.ts";
import { identify } from "./users.ts";
import type { TokenUse } from "./uses.ts";

/** Judges a login and tells it step by step. */
export function tellLogin(c: Case): Story {
  const judgement = judgeLogin(c);
  const steps = loginSteps(c, judgement);
  return {
    kind: c.kind,
    client: identify(c.evidence, c.quests, c.legs, c.signOn),
    service: serviceOf(c),
    verdict: judgement.verdict,
    divergedAt: judgement.divergedAt,
    outcome: judgement.outcome,
    why: judgement.why,
    missing: judgement.missing,
    steps,
    frame: firstFrame(steps, c.attempts[0]?.exchange.frame),
    showsMore: !showsOnlyService(c),
    hasKdcTraffic: c.around.roles.kdc,
    lookups: c.lookups,
    legs: c.legs,
    sealed: c.sealed,
    quests: c.quests,
    handedOver: c.handedOver,
    uses: NONE,
    failures: c.failures,
    silences: c.silences,
    unreachable: c.unreachable,
    kdcTrouble: { ...c.kdcTrouble, isSignOnSilent: judgement.divergedAt === 5 && isSilent(c) },
    passwordTrouble: noPasswordTrouble,
    signOn: c.signOn,
    tickets: c.around.tickets,
    locator: null,
    lostSearch: null,
    naming: c.naming,
    front: null,
  };
}

function isSilent({ signOn, evidence, around }: Case): boolean {
  return signOn !== null && judgeSignOn(signOn, evidence, around).why?.what === "as-silent";
}

function serviceOf(c: Case): Service {
  const quest = decidingQuest(c.quests);
  const presented = c.attempts.findLast((a) => a.apReq)?.apReq?.ticket;
  const spn = quest?.sname ?? presented?.sname;
  const realm = quest?.ticket?.realm ?? presented?.realm ?? (quest ? askedRealm(quest) : undefined);
  const server = c.legs[0]?.connection.server ?? c.sealed[0]?.connection.server;
  const address = server?.address ?? c.address;
  const port = server?.port ?? c.port;
  const host = c.host ?? (quest?.spn.host || undefined);
  return serviceNamed({ host, address, port, spn, realm });
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
  const judgement = judgeTicket(quest, evidence, around);
  const steps = draftSteps("ticket");
  fillSearch(steps, [quest]);
  markDivergence(steps, judgement);
  const realm = quest.ticket?.realm ?? askedRealm(quest);
  const client = identify(evidence, [quest], [], signOn);
  const { host, port } = quest.spn;
  const asked = serviceNamed({ host, address: null, port, spn: quest.sname, realm });
  const isChange = quest.ticket !== null && isForPassword(quest.sname);
  return {
    ...bare("ticket", client, asked, judgement, steps, evidence, naming),
    quests: [quest],
    uses,
    signOn,
    tickets: around.tickets,
    passwordTrouble: isChange ? passwordTrouble(evidence, quest.lastTime, around) : noPasswordTrouble,
  };
}

/** One AS exchange. */
export function tellSignOn(signOn: SignOn, evidence: Evidence, naming: Naming, around: Around): Story {
  const judgement = judgeSignOn(signOn, evidence, around);
  const steps = draftSteps("sign-on");
  observe(
    steps[0],
    signOn.exchanges.flatMap((x) => [x.request, ...x.repeats]),
  );
  observe(
    steps[1],
    signOn.exchanges.map((x) => x.reply),
  );
  markDivergence(steps, judgement);
  const kdc = signOn.exchanges.at(-1)?.kdc;
  const realm = signOn.issued?.message.crealm ?? signOn.realm ?? undefined;
  const client = clientNamed(evidence.client, signOn.issued?.message.cname ?? signOn.cname, realm);
  const asked = serviceNamed({ host: null, address: kdc, port: 88, spn: signOn.sname, realm });
  const isChange = signOn.issued !== null && isForPassword(signOn.sname);
  return {
    ...bare("sign-on", client, asked, judgement, steps, evidence, naming),
    signOn,
    tickets: around.tickets,
    passwordTrouble: isChange ? passwordTrouble(evidence, signOn.lastTime, around) : noPasswordTrouble,
  };
}

const isForPassword = (sname: string | null): boolean => /^kadmin\/changepw/i.test(sname ?? "");

export function bare(
  kind: Kind,
  client: Client,
  service: Service,
  judgement: Judgement,
  steps: readonly StepDraft[],
  evidence: Evidence,
  naming: Naming,
): Story {
  return {
    kind,
    client,
    service,
    verdict: judgement.verdict,
    divergedAt: judgement.divergedAt,
    outcome: judgement.outcome,
    why: judgement.why,
    missing: judgement.missing,
    steps,
    frame: firstFrame(steps, undefined),
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
    kdcTrouble: {
      failures: those(evidence.failures, (f) => f.server.port === 88 && isNear(f.lastTime, steps)),
      unreachable: those(evidence.unreachable, (u) => u.dst.port === 88 && isNear(u.time, steps)),
      silences: NONE,
      lostDatagrams: those(evidence.lostDatagrams, (d) => d.dport === 88 || d.sport === 88),
      isSignOnSilent: false,
      lookups: NONE,
      targets: NONE,
    },
    passwordTrouble: noPasswordTrouble,
    signOn: null,
    tickets: null,
    locator: null,
    lostSearch: null,
    naming,
    front: null,
  };
}

/** Trouble of another hour explains nothing. */
function isNear(time: Instant, steps: readonly StepDraft[]): boolean {
  const times = steps.flatMap((step) => step.seen.map((o) => o.time));
  const [first, last] = [times[0], times.at(-1)];
  if (!first || !last) return true;
  return secondsBetween(first, time) > -NEAR_SECONDS && secondsBetween(last, time) < NEAR_SECONDS;
}

const NEAR_SECONDS = 60;

function firstFrame(steps: readonly StepDraft[], fallback: number | undefined): number {
  let first = Number.POSITIVE_INFINITY;
  // The frames of each step are in order.
  for (const { frames } of steps) first = Math.min(first, frames[0] ?? first);
  return first === Number.POSITIVE_INFINITY ? (fallback ?? 1) : first;
}

/** A sign-on that ended before its AS-REQ: no connection to the KDC. */
export function tellUnreachableKdc(failure: ConnectionFailure, evidence: Evidence, naming: Naming): Story {
  const judgement = diverged(1, { what: "as-unreachable" }, "none");
  const steps = draftSteps("sign-on");
  const how = failure.how === "refused" ? "SYN answered by RST" : "SYN without answer";
  noteAt(steps[0], failure.frames, `TCP: ${how}, port ${failure.server.port}`, {
    time: failure.firstTime,
    from: failure.client.address,
    to: failure.server.address,
  });
  markDivergence(steps, judgement);
  const { address, port } = failure.server;
  return bare("sign-on", { address: evidence.client }, { address, port }, judgement, steps, evidence, naming);
}
