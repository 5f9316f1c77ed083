import type { Observation } from "../model/observation.ts";
import type { Client, Service } from "../model/report.ts";
import type { Around } from "./around.ts";
import type { DnsLookup, Evidence } from "./evidence.ts";
import type { Judgement } from "./judge/judgement.ts";
import { asRead } from "./judge/judgement.ts";
import { brokenLookups, judgeLocator } from "./judge/locator.ts";
import type { DcSearch } from "./locator.ts";
import type { PingedDc } from "./locator-fates.ts";
import { pingedDcs } from "./locator-fates.ts";
import type { DcPing } from "./locator-pings.ts";
import type { Naming } from "./naming.ts";
import type { NetbiosCall } from "./netbios-calls.ts";
import { grown, NONE } from "./order.ts";
import { clientNamed } from "./parties.ts";
import { Steps } from "./steps.ts";
import { queriesOf, setBoth } from "./steps-login.ts";
import type { Story } from "./story.ts";
import { kdcTroubleNear, newStory } from "./tell.ts";

/** Judges one search for a domain controller and tells its four steps. */
export function tellLocator(search: DcSearch, evidence: Evidence, naming: Naming, around: Around): Story {
  const dcs = pingedDcs(search);
  const isUnread = around.isLoginUnread || around.areNamesUnread;
  const judgement = asRead(judgeLocator(search, dcs, evidence, around), isUnread);
  const lookups = lookupsOf(search);
  const steps = locatorSteps(search, lookups, judgement, around);
  const story = newStory("dc-locator", clientOf(search, evidence), serviceOf(search, dcs), judgement, steps, naming);
  story.kdcTrouble = kdcTroubleNear(steps, evidence);
  story.lookups = judgement.why?.what === "not-resolved" ? brokenLookups(search) : lookups;
  story.locator = { search, dcs };
  return story;
}

/** Of the records, then of the hosts that they name. */
function lookupsOf({ records, hosts }: DcSearch): readonly DnsLookup[] {
  let lookups: DnsLookup[] | null = null;
  for (const { lookup } of records) lookups = grown(lookups, lookup);
  for (const lookup of hosts) lookups = grown(lookups, lookup);
  return lookups ?? NONE;
}

/** The machine, and the account in whose name it asks, as the pings give them. */
function clientOf({ pings }: DcSearch, evidence: Evidence): Client {
  let name: string | null = null;
  let user: string | null = null;
  for (const { queries } of pings) {
    for (const { message } of queries) {
      name ||= message.host;
      user ||= message.user;
    }
  }
  return clientNamed(evidence.client, user, null, name);
}

function serviceOf({ domain }: DcSearch, dcs: readonly PingedDc[]): Service {
  const dc = dcs.find(({ fate }) => fate === "found") ?? dcs.at(-1);
  if (!domain) return dc ? { address: dc.address, port: LDAP_PORT } : {};
  const realm = domain.toUpperCase();
  return dc ? { host: domain, realm, address: dc.address, port: LDAP_PORT } : { host: domain, realm };
}

const LDAP_PORT = 389;

function locatorSteps(search: DcSearch, lookups: readonly DnsLookup[], judgement: Judgement, around: Around): Steps {
  const steps = new Steps("dc-locator");
  if (search.records.length > 0) fillNames(steps, search, lookups);
  else if (search.calls.length > 0) fillCalls(steps, search.calls);
  else setBoth(steps, 1, 2, around.roles.dns && !around.areNamesUnread ? "cached" : "not-captured");
  if (search.pings.length > 0) fillPings(steps, search.pings);
  else if (judgement.verdict === "ok") setBoth(steps, 3, 4, "not-needed");
  steps.diverge(judgement);
  return steps;
}

/** The NetBIOS name in place of SRV records. */
function fillCalls(steps: Steps, calls: readonly NetbiosCall[]): void {
  setBoth(steps, 1, 2, "not-needed");
  const queries = calls.flatMap((call) => call.queries);
  const answers = calls.flatMap(({ answer }) => answer ?? []);
  const what = `NetBIOS ${calls[0]?.by === "mailslot" ? "mailslot message" : "name query"} for ${calls[0]?.domain}`;
  noteFrames(steps, 1, queries, what);
  noteFrames(steps, 2, answers, `answer to the ${what}`);
}

function noteFrames(steps: Steps, step: number, seen: readonly Observation[], what: string): void {
  const first = seen[0];
  if (!first) return;
  const frames = seen.map(({ frame }) => frame);
  steps.note(step, frames, what, { time: first.time, from: first.src, to: first.dst });
}

function fillNames(steps: Steps, { records }: DcSearch, lookups: readonly DnsLookup[]): void {
  steps.observe(1, queriesOf(lookups));
  let responses: Observation[] | null = null;
  for (const { response } of lookups) if (response) responses = grown<Observation>(responses, response);
  steps.observe(2, responses);
  const named = records.find(({ targets }) => targets.length > 0)?.lookup.response;
  if (named) steps.show(2, named);
  for (const { lookup } of records) noteRejection(steps, lookup);
}

function noteRejection(steps: Steps, { unreachable }: DnsLookup): void {
  if (!unreachable) return;
  const { frame, time, from, src } = unreachable;
  steps.note(2, [frame], "ICMP: destination unreachable", { time, from, to: src.address });
}

function fillPings(steps: Steps, pings: readonly DcPing[]): void {
  let queries: Observation[] | null = null;
  let answers: Observation[] | null = null;
  for (const ping of pings) {
    for (const query of ping.queries) queries = grown<Observation>(queries, query);
    const answer = ping.entry ?? ping.done;
    if (answer) answers = grown<Observation>(answers, answer);
  }
  steps.observe(3, queries);
  steps.observe(4, answers);
  for (const ping of pings) noteUnreachable(steps, ping);
}

function noteUnreachable(steps: Steps, { unreachable, dc }: DcPing): void {
  if (!unreachable) return;
  const { frame, time, from, src } = unreachable;
  steps.note(4, [frame], `ICMP: ${dc} port 389 unreachable`, { time, from, to: src.address });
}
