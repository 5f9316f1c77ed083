import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import type { Around } from "./around.ts";
import type { Attempt } from "./attempts.ts";
import type { DnsLookup, Evidence } from "./evidence.ts";
import { mayBeGrantedUnread } from "./judge/silence.ts";
import { attemptsOf } from "./legs.ts";
import type { Login } from "./logins.ts";
import { isAddress } from "./names.ts";
import type { Naming } from "./naming.ts";
import { grown, NONE, those } from "./order.ts";
import type { Quest } from "./quests.ts";
import type { SignOn } from "./signons.ts";
import { isForTgt } from "./signons.ts";
import type { KdcTrouble } from "./story.ts";

/** One login with everything around it that can explain it: what the judge looks at. */
export interface Case extends Login {
  readonly evidence: Evidence;
  readonly naming: Naming;
  readonly around: Around;
  /** As the client names the service; null where only addresses are known. */
  readonly host: string | null;
  readonly address: string | null;
  readonly port: number | null;
  /** All attempts of all legs in order of time. */
  readonly attempts: readonly Attempt[];
  readonly lookups: readonly DnsLookup[];
  readonly failures: Evidence["failures"];
  readonly silences: Evidence["silences"];
  readonly unreachable: Evidence["unreachable"];
  readonly kdcTrouble: KdcTrouble;
  readonly signOn: SignOn | null;
}

/** Look-ups older than this do not belong to a connection. */
const LOOKUP_SECONDS = 300;
/** A client that looks a name up connects within this time, also when it had to ask more than once. */
const FRESH_SECONDS = 30;
const KDC_PORTS: readonly number[] = [88, 464];

export interface Subject {
  readonly host: string | null;
  readonly address: string | null;
  readonly port: number | null;
}

export function openCase(
  login: Login,
  subject: Subject,
  evidence: Evidence,
  naming: Naming,
  signOns: readonly SignOn[],
  around: Around,
): Case {
  const attempts = inOrderOfTime(attemptsOf(login.legs));
  const end = attempts.at(-1)?.exchange.time ?? login.quests.at(-1)?.lastTime ?? around.now;
  const unreached = findUnreached(login, subject, evidence, naming);
  return {
    service: login.service,
    kind: login.kind,
    legs: login.legs,
    quests: login.quests,
    sealed: login.sealed,
    handedOver: login.handedOver,
    host: subject.host,
    address: subject.address,
    port: subject.port,
    evidence,
    naming,
    around,
    attempts,
    lookups: lookupsOf(subject, attempts, evidence),
    failures: unreached.failures,
    silences: unreached.silences,
    unreachable: unreached.unreachable,
    kdcTrouble: troubleWithKdc(evidence, attempts, login.quests),
    signOn: readSignOn(signOnBefore(end, signOns), evidence),
  };
}

function inOrderOfTime(attempts: readonly Attempt[]): readonly Attempt[] {
  for (let i = 1; i < attempts.length; i++) {
    const one = attempts[i - 1];
    const next = attempts[i];
    if (one && next && one.exchange.frame > next.exchange.frame) {
      return attempts.toSorted((a, b) => a.exchange.frame - b.exchange.frame);
    }
  }
  return attempts;
}

function signOnBefore(end: Instant, signOns: readonly SignOn[]): SignOn | null {
  for (let at = signOns.length - 1; at >= 0; at--) {
    const signOn = signOns[at];
    if (signOn && secondsBetween(signOn.time, end) >= -1 && isForTgt(signOn)) return signOn;
  }
  return null;
}

/** Of one that a snap length may have cut the end is not known. */
function readSignOn(signOn: SignOn | null, evidence: Evidence): SignOn | null {
  return signOn?.issued === null && mayBeGrantedUnread(signOn.lastTime, evidence) ? null : signOn;
}

type Unreached = Pick<Case, "failures" | "silences" | "unreachable">;

const allReached: Unreached = { failures: NONE, silences: NONE, unreachable: NONE };

/** What failed on the way to the service itself. */
function findUnreached(login: Login, subject: Subject, evidence: Evidence, naming: Naming): Unreached {
  const { failures, silences, unreachable } = evidence;
  if (failures.length + silences.length + unreachable.length === 0) return allReached;
  const reach = addressesReached(login, subject, naming);
  const isPort = (port: number) => subject.port === null || port === subject.port;
  return {
    failures: those(failures, (f) => reach.has(f.server.address) && isPort(f.server.port)),
    silences: those(silences, (s) => s.frames.length > 1 && reach.has(s.target)),
    unreachable: those(unreachable, (u) => u.transport !== "udp" && reach.has(u.dst.address) && isPort(u.dst.port)),
  };
}

function addressesReached(login: Login, subject: Subject, naming: Naming): Set<string> {
  const reach = new Set(subject.host === null ? [] : naming.addressesOf(subject.host));
  if (subject.address !== null) reach.add(subject.address);
  if (subject.host !== null && isAddress(subject.host)) reach.add(subject.host);
  for (const leg of login.legs) reach.add(leg.connection.server.address);
  return reach;
}

function isHostType(type: string): boolean {
  return type === "A" || type === "AAAA";
}

/** Two visits in a row have each their own look-ups; one that needed none still has the earlier ones. */
function lookupsOf(subject: Subject, attempts: readonly Attempt[], evidence: Evidence): readonly DnsLookup[] {
  const host = subject.host;
  if (host === null || isAddress(host)) return NONE;
  const first = attempts[0]?.exchange.time;
  const last = attempts.at(-1)?.exchange.time;
  let recent: DnsLookup[] | null = null;
  let earlier: DnsLookup[] | null = null;
  for (const lookup of evidence.dns) {
    if (!isHostType(lookup.type) || !isFormOf(lookup.name, host)) continue;
    if (last && secondsBetween(lookup.time, last) < 0) continue;
    const before = first ? secondsBetween(lookup.time, first) : 0;
    if (before < FRESH_SECONDS) recent = grown(recent, lookup);
    else if (before < LOOKUP_SECONDS) earlier = grown(earlier, lookup);
  }
  return recent ?? earlier ?? NONE;
}

/** `host` itself, or `host` with a search suffix behind it, or the full name of a single label. */
export function isFormOf(name: string, host: string): boolean {
  return name.startsWith(host) && (name.length === host.length || name[host.length] === ".");
}

export const noKdcTrouble: KdcTrouble = {
  failures: NONE,
  unreachable: NONE,
  silences: NONE,
  lostDatagrams: NONE,
  isSignOnSilent: false,
  lookups: NONE,
  targets: NONE,
};

/** Connections and datagrams on the way to a KDC that led nowhere at the time of these requests. */
function troubleWithKdc(evidence: Evidence, attempts: readonly Attempt[], quests: readonly Quest[]): KdcTrouble {
  const { failures, unreachable, silences, lostDatagrams } = evidence;
  if (failures.length + unreachable.length + silences.length + lostDatagrams.length === 0) return noKdcTrouble;
  const near = isNear(attempts, quests);
  return {
    ...noKdcTrouble,
    failures: those(failures, (f) => KDC_PORTS.includes(f.server.port) && near(f.lastTime)),
    unreachable: those(unreachable, (u) => KDC_PORTS.includes(u.dst.port) && near(u.time)),
    silences: those(silences, (s) => near(s.lastTime)),
    lostDatagrams: those(lostDatagrams, (d) => KDC_PORTS.includes(d.dport) || KDC_PORTS.includes(d.sport)),
  };
}

/** What DNS was asked for KDCs then: told only of a login that went wrong. */
export function kdcLookups({ evidence, attempts, quests, around }: Case): Pick<KdcTrouble, "lookups" | "targets"> {
  const near = isNear(attempts, quests);
  const lookups = those(evidence.dns, (lookup) => isKerberosLookup(lookup) && near(lookup.time));
  // A part of what DNS said of them says nothing of the rest.
  if (around.areNamesUnread || lookups.some(isAnswerCut)) return noKdcLookups;
  return {
    lookups,
    targets: those(evidence.dns, (lookup) => hasNoAddress(lookup) && near(lookup.time)),
  };
}

const noKdcLookups: ReturnType<typeof kdcLookups> = { lookups: NONE, targets: NONE };

export function isAnswerCut({ response }: DnsLookup): boolean {
  return response?.message.cut === true;
}

function isNear(attempts: readonly Attempt[], quests: readonly Quest[]): (time: Instant) => boolean {
  const first = attempts[0]?.exchange.time ?? quests[0]?.time;
  const last = attempts.at(-1)?.exchange.time ?? quests.at(-1)?.lastTime;
  return (time) =>
    (!first || secondsBetween(first, time) > -REACH_BACK_SECONDS) &&
    (!last || secondsBetween(last, time) < REACH_BACK_SECONDS);
}

/** A client that could not reach its KDC just before the request would not try again at once. */
const REACH_BACK_SECONDS = 60;

function hasNoAddress(lookup: DnsLookup): boolean {
  if (!isHostType(lookup.type)) return false;
  return !lookup.response?.message.answers.some(({ type }) => isHostType(type));
}

/** The records by which clients find a KDC: Windows asks for domain controllers, and each is one. */
function isKerberosLookup({ name, locator }: DnsLookup): boolean {
  if (name.startsWith("_kerberos.") || name.startsWith("_kerberos-")) return true;
  return locator?.isPlain === false && locator.role === "dc";
}
