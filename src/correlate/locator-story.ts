import type { Observation } from "../model/observation.ts";
import type { Client, Service } from "../model/report.ts";
import type { Around } from "./around.ts";
import type { DnsLookup, Evidence } from "./evidence.ts";
import type { Judgement } from "./judge/judgement.ts";
import { brokenLookups, judgeLocator } from "./judge/locator.ts";
import type { DcSearch } from "./locator.ts";
import { srvTargets } from "./locator.ts";
import type { PingedDc } from "./locator-fates.ts";
import { pingedDcs } from "./locator-fates.ts";
import type { DcPing } from "./locator-pings.ts";
import type { Naming } from "./naming.ts";
import type { NetbiosCall } from "./netbios-calls.ts";
import { draftSteps, markDivergence, noteAt, observe, show } from "./steps.ts";
import type { StepDraft, Story } from "./story.ts";
import { bare } from "./tell.ts";

/** Judges one search for a domain controller and tells its four steps. */
export function tellLocator(search: DcSearch, evidence: Evidence, naming: Naming, around: Around): Story {
  const judgement = judgeLocator(search, evidence, around);
  const dcs = pingedDcs(search);
  const lookups = [...search.records.map(({ lookup }) => lookup), ...search.hosts];
  const story = bare(
    "dc-locator",
    clientOf(search, evidence),
    serviceOf(search, dcs),
    judgement,
    locatorSteps(search, judgement, around),
    evidence,
    naming,
  );
  return {
    ...story,
    lookups: judgement.why?.what === "not-resolved" ? brokenLookups(search) : lookups,
    locator: { search, dcs },
  };
}

/** The machine, and the account in whose name it asks, as the pings give them. */
function clientOf(search: DcSearch, evidence: Evidence): Client {
  const queries = search.pings.flatMap((ping) => ping.queries.map(({ message }) => message));
  const name = queries.find(({ host }) => host)?.host;
  const user = queries.find((query) => query.user)?.user;
  return { address: evidence.client, ...(name ? { name } : {}), ...(user ? { user } : {}) };
}

function serviceOf(search: DcSearch, dcs: readonly PingedDc[]): Service {
  const dc = dcs.find(({ fate }) => fate === "found") ?? dcs.at(-1);
  return {
    ...(search.domain ? { host: search.domain, realm: search.domain.toUpperCase() } : {}),
    ...(dc ? { address: dc.address, port: LDAP_PORT } : {}),
  };
}

const LDAP_PORT = 389;

function locatorSteps(search: DcSearch, judgement: Judgement, around: Around): StepDraft[] {
  const steps = draftSteps("dc-locator");
  if (search.records.length > 0) fillNames(steps, search);
  else if (search.calls.length > 0) fillCalls(steps, search.calls);
  else setBoth(steps.slice(0, 2), around.roles.dns ? "cached" : "not-captured");
  if (search.pings.length > 0) fillPings(steps, search);
  else if (judgement.verdict === "ok") setBoth(steps.slice(2), "not-needed");
  markDivergence(steps, judgement);
  return steps;
}

function setBoth(steps: readonly StepDraft[], state: StepDraft["state"]): void {
  for (const step of steps) step.state = state;
}

/** The NetBIOS name in place of SRV records. */
function fillCalls(steps: readonly StepDraft[], calls: readonly NetbiosCall[]): void {
  setBoth(steps.slice(0, 2), "not-needed");
  const queries = calls.flatMap((call) => call.queries);
  const answers = calls.flatMap(({ answer }) => answer ?? []);
  const what = `NetBIOS ${calls[0]?.by === "mailslot" ? "mailslot message" : "name query"} for ${calls[0]?.domain}`;
  noteFrames(steps[0], queries, what);
  noteFrames(steps[1], answers, `answer to the ${what}`);
}

function noteFrames(step: StepDraft | undefined, seen: readonly Observation[], what: string): void {
  const [first] = seen;
  if (!first) return;
  const frames = seen.map(({ frame }) => frame);
  noteAt(step, frames, what, { time: first.time, from: first.src, to: first.dst });
}

function fillNames(steps: readonly StepDraft[], search: DcSearch): void {
  const records = search.records.map(({ lookup }) => lookup);
  const lookups = [...records, ...search.hosts];
  observe(
    steps[0],
    lookups.flatMap((lookup) => lookup.queries),
  );
  observe(
    steps[1],
    lookups.map((lookup) => lookup.response),
  );
  const named = records.find((lookup) => srvTargets(lookup).length > 0)?.response;
  if (named && steps[1]) show(steps[1], named);
  for (const lookup of records) noteRejection(steps[1], lookup);
}

function noteRejection(step: StepDraft | undefined, { unreachable }: DnsLookup): void {
  if (!unreachable) return;
  const { frame, time, from, src } = unreachable;
  noteAt(step, [frame], "ICMP: destination unreachable", { time, from, to: src.address });
}

function fillPings(steps: readonly StepDraft[], search: DcSearch): void {
  observe(
    steps[2],
    search.pings.flatMap((ping) => ping.queries),
  );
  observe(
    steps[3],
    search.pings.map((ping): Observation | null => ping.entry ?? ping.done),
  );
  for (const ping of search.pings) noteUnreachable(steps[3], ping);
}

function noteUnreachable(step: StepDraft | undefined, { unreachable, dc }: DcPing): void {
  if (!unreachable) return;
  const { frame, time, from, src } = unreachable;
  noteAt(step, [frame], `ICMP: ${dc} port 389 unreachable`, { time, from, to: src.address });
}
