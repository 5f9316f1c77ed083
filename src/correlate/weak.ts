import type { Around } from "./around.ts";
import { waitedSince } from "./around.ts";
import type { Attempt } from "./attempts.ts";
import { ByForm } from "./by-form.ts";
import { isAnswerCut, isFormOf, openCase } from "./case.ts";
import { type DnsLookup, type Evidence, KERBEROS_PORT } from "./evidence.ts";
import { isCutShort } from "./judge/login.ts";
import { isProven } from "./judge/silence.ts";
import type { Leg } from "./legs.ts";
import type { Bound, Login } from "./logins.ts";
import { isAddress, sameHost } from "./names.ts";
import type { Naming } from "./naming.ts";
import { NONE, those } from "./order.ts";
import { serviceAtPort } from "./services/index.ts";
import type { SignOn } from "./signons.ts";
import type { Story } from "./story.ts";
import { tellLogin, tellUnreachableKdc } from "./tell.ts";

/** Something that failed or went by without authentication; told only when it is promoted. */
export interface Candidate {
  readonly host: string;
  readonly addresses: readonly string[];
  readonly frame: number;
  /** Nothing failed: told only to a user who names the host. */
  readonly onlyNamed: boolean;
  /** Of it only look-ups of a name are known. */
  readonly isName: boolean;
  /** The snap length cut what it is made of: it says no more than that. */
  readonly isCut: boolean;
  /** A name or connection failed, in contrast to an exchange that was merely not challenged. */
  readonly isFailure: boolean;
  tell(): Story;
}

/** Ports of the infrastructure: failing to reach them is told with the login that needed them. */
const INFRASTRUCTURE = new Set([53, 88, 123, 135, 137, 138, 139, 464]);

interface Draft {
  host: string;
  readonly address: string | null;
  readonly port: number | null;
  readonly legs: Leg[];
  frame: number;
}

/** Whether anything failed or went by without a login at all: of most clients nothing did. */
export function hasFailures({ dns, failures, silences }: Evidence, naming: Naming, { idle }: Bound): boolean {
  return idle.length + failures.length + silences.length > 0 || dns.some((lookup) => isFailedName(lookup, naming));
}

/** One candidate per host of one client. */
export function findCandidates(
  evidence: Evidence,
  naming: Naming,
  bound: Bound,
  signOns: readonly SignOn[],
  around: Around,
  /** The user named hosts: of those, names that merely resolved are worth telling too. */
  isAsked: boolean,
): Candidate[] {
  const drafts: Draft[] = [];
  for (const leg of bound.idle) if (!isContent(leg, around)) addLeg(drafts, leg, naming);
  for (const failure of evidence.failures) {
    if (!INFRASTRUCTURE.has(failure.server.port)) addServer(drafts, failure.server, failure.frames[0] ?? 1, naming);
  }
  for (const silence of evidence.silences) {
    // One question may have had an answer that this capture point does not see; nobody asks again who got one.
    if (silence.frames.length < 2 || isReached(new Set([silence.target]), bound)) continue;
    addSilent(drafts, silence.target, silence.frames[0] ?? 1, naming);
  }
  const lookups = failedLookups(evidence, naming);
  if (lookups.length > 0) addNames(drafts, lookups);
  const failed = drafts.length;
  if (isAsked) drafts.push(...nameOnly(evidence, naming, drafts, bound));
  const candidates = drafts.flatMap((draft, index): Candidate[] => {
    if (bound.logins.some((login) => isAt(login, draft))) return [];
    const service = draft.legs[0]?.service ?? serviceAtPort(draft.port);
    const login: Login = { service, kind: service.kind, legs: draft.legs, quests: [], sealed: NONE, handedOver: NONE };
    return [
      {
        onlyNamed: index >= failed,
        isName: draft.legs.length === 0 && draft.address === null,
        isCut: draft.legs.some((leg) => leg.attempts.some(isCutShort)),
        isFailure: index < failed && draft.legs.length === 0,
        host: draft.host,
        addresses: draft.address === null ? [...naming.addressesOf(draft.host)] : [draft.address],
        frame: draft.frame,
        tell: () => {
          const subject = { host: draft.host, address: draft.address, port: draft.port };
          return tellLogin(openCase(login, subject, evidence, naming, signOns, around));
        },
      },
    ];
  });
  return [...candidates, ...unreachableKdcs(evidence, naming)];
}

/** Whoever need not log on and was answered has no trouble. */
function isContent({ service, attempts }: Leg, around: Around): boolean {
  return service.servesAnybody && attempts.every((a) => a.answer !== "none" || !isPastHope(a, around));
}

function isPastHope({ exchange }: Attempt, around: Around): boolean {
  const { closed } = exchange.connection;
  return (closed !== null && closed.how !== "capture") || waitedSince(exchange.time, around);
}

function addLeg(drafts: Draft[], leg: Leg, naming: Naming): void {
  const server = leg.connection.server;
  const host = leg.host ?? naming.nameOf(server.address) ?? server.address;
  const isSame = (draft: Draft) => draft.legs.every((other) => other.service === leg.service);
  const known = drafts.find((draft) => isSame(draft) && (draft.host === host || isAtServer(draft, server)));
  if (known) {
    known.legs.push(leg);
    if (isAddress(known.host)) known.host = host;
  } else drafts.push({ host, address: server.address, port: server.port, legs: [leg], frame: leg.frame });
}

/** The same server, known by its address alone so far. */
function isAtServer(draft: Draft, server: { readonly address: string; readonly port: number }): boolean {
  return draft.address === server.address && draft.port === server.port;
}

function addServer(drafts: Draft[], server: { address: string; port: number }, frame: number, naming: Naming): void {
  const host = [...naming.namesOf(server.address)].at(-1) ?? server.address;
  const known = drafts.find((draft) => draft.host === host || (isAddress(host) && isAtServer(draft, server)));
  if (!known) drafts.push({ host, address: server.address, port: server.port, legs: [], frame });
}

/** An address that nobody answers for is a candidate only where DNS gave it for a name. */
function addSilent(drafts: Draft[], address: string, frame: number, naming: Naming): void {
  const host = [...naming.namesOf(address)].at(-1);
  if (host === undefined || drafts.some((draft) => draft.host === host)) return;
  drafts.push({ host, address, port: null, legs: [], frame });
}

function isReached(addresses: ReadonlySet<string>, bound: Bound): boolean {
  const legs = [...bound.idle, ...bound.logins.flatMap((login) => login.legs)];
  const sealed = bound.logins.flatMap((login) => login.sealed);
  return [...legs, ...sealed].some(({ connection }) => addresses.has(connection.server.address));
}

function isHostType(type: string): boolean {
  return type === "A" || type === "AAAA";
}

/** A name that was asked for and brought no address that the capture shows whole. */
function isFailedName({ type, name, queries, response }: DnsLookup, naming: Naming): boolean {
  if (!isHostType(type) || name.startsWith("_") || queries.length === 0) return false;
  if (response?.message.cut === true) return false;
  return !naming.isResolved(name) || response?.message.truncated === true;
}

function failedLookups(evidence: Evidence, naming: Naming): readonly DnsLookup[] {
  const failed = those(
    evidence.dns,
    (lookup) =>
      isFailedName(lookup, naming) && (!naming.isResolved(lookup.name) || isLeftTruncated(lookup, evidence, naming)),
  );
  if (failed.length === 0) return failed;
  const askedForA = new Set(evidence.dns.filter((lookup) => lookup.type === "A").map((lookup) => lookup.name));
  const resolved = resolvedForms(evidence, naming);
  // An empty AAAA answer alone says nothing of a host whose A record nobody asked for here.
  const isEmptyAaaa = (lookup: DnsLookup) =>
    lookup.type === "AAAA" && lookup.response?.message.rcode === 0 && !askedForA.has(lookup.name);
  // Who is answered asks no further forms of a name.
  const cut = evidence.dns.filter(isAnswerCut);
  const isFurther = ({ name }: DnsLookup) => cut.some((asked) => isFormOf(name, asked.name));
  return failed.filter((lookup) => !resolved.has(lookup.name) && !isEmptyAaaa(lookup) && !isFurther(lookup));
}

/** Addresses came in a truncated answer only, and the client went to none of them. */
function isLeftTruncated(lookup: DnsLookup, evidence: Evidence, naming: Naming): boolean {
  const addresses = naming.addressesOf(lookup.name);
  const reached = [...evidence.services, ...evidence.sealed].some((x) => addresses.has(x.connection.server.address));
  return !reached && !evidence.failures.some((f) => addresses.has(f.server.address));
}

/** Names that brought an address, and nothing else of the service is in the capture: worth telling to who asks. */
function nameOnly(evidence: Evidence, naming: Naming, drafts: readonly Draft[], bound: Bound): Draft[] {
  const found: Draft[] = [];
  const known = new ByForm(drafts);
  const wanted = bound.lone.map((quest) => quest.spn.host);
  for (const { name, type, frame } of evidence.dns) {
    if (!isHostType(type) || !naming.isResolved(name) || known.find(name) !== undefined) continue;
    if (wanted.some((host) => sameHost(host, name)) || isReached(naming.addressesOf(name), bound)) continue;
    const draft: Draft = { host: name, address: null, port: null, legs: [], frame };
    found.push(draft);
    known.add(draft);
  }
  return found;
}

/** Names that did resolve, and their shorter forms: `web` failed, `web.contoso.com` brought the address. */
function resolvedForms(evidence: Evidence, naming: Naming): Set<string> {
  const forms = new Set<string>();
  for (const { name } of evidence.dns) {
    if (!naming.isResolved(name)) continue;
    for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) forms.add(name.slice(0, dot));
  }
  return forms;
}

function addNames(drafts: Draft[], lookups: readonly DnsLookup[]): void {
  const known = new ByForm(drafts);
  for (const { name, frame } of lookups) {
    const same = known.find(name);
    if (same === undefined) {
      const draft: Draft = { host: name, address: null, port: null, legs: [], frame };
      drafts.push(draft);
      known.add(draft);
      // The shorter form is what the user typed; a resolver puts its suffixes behind it, before or after.
    } else if (same.address === null && isFormOf(same.host, name)) known.shorten(same, name);
  }
}

/** The client has a login at this very host, or at this server under another name. */
function isAt(login: Login, draft: Draft): boolean {
  return login.legs.some((leg) => {
    const server = leg.connection.server;
    if (leg.host !== null && sameHost(leg.host, draft.host)) return true;
    return server.address === draft.address && server.port === draft.port && isAddress(draft.host);
  });
}

/** A KDC that could not be reached before any AS-REQ left. */
function unreachableKdcs(evidence: Evidence, naming: Naming): Candidate[] {
  if (evidence.kdc.length > 0 || evidence.kdcTalks.length + evidence.cutTalks.length > 0) return [];
  const failure = evidence.failures.find((f) => f.server.port === KERBEROS_PORT && isProven(f));
  if (!failure) return [];
  const address = failure.server.address;
  return [
    {
      host: naming.nameOf(address) ?? address,
      addresses: [address],
      frame: failure.frames[0] ?? 1,
      onlyNamed: false,
      isName: false,
      isCut: false,
      isFailure: true,
      tell: () => tellUnreachableKdc(failure, evidence, naming),
    },
  ];
}
