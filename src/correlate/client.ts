import type { DnsMessage } from "../../dissectors/dns/message.ts";
import type { AsRep, AsReq, KrbError, TgsRep, TgsReq } from "../../dissectors/kerberos/message.ts";
import type { CldapMessage } from "../../dissectors/ldap/message.ts";
import type { NbdgmMessage, NbnsMessage } from "../../dissectors/netbios/message.ts";
import { limits } from "../bytes/limits.ts";
import type {
  Connection,
  ConnectionFailure,
  LostDatagram,
  NeighbourSilence,
  Unreachable,
} from "../model/connection.ts";
import { FROM_CLIENT, FROM_SERVER } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { Instant } from "../model/time.ts";
import { compareInstants, secondsBetween } from "../model/time.ts";
import type { Roles } from "./around.ts";
import type { CutDatagram, DnsLookup, Evidence, KdcExchange, SealedConnection, ServiceExchange } from "./evidence.ts";
import { readLocatorName } from "./locator-names.ts";
import type { DcPing } from "./locator-pings.ts";
import { rejectPing, takeCldap } from "./locator-pings.ts";
import { hostOf, isTicketGranting } from "./names.ts";
import type { NetbiosCall } from "./netbios-calls.ts";
import { takeNetbios } from "./netbios-calls.ts";
import type { Row } from "./open-clients.ts";
import { type Growing, grown, NONE, those } from "./order.ts";
import type { PasswordChange } from "./password-changes.ts";
import { rejectKpasswd } from "./password-changes.ts";
import type { Service } from "./services/service.ts";
import type { TokenUse } from "./uses.ts";

/**
 * Everything seen of one client address, requests paired with their replies as they come in.
 *
 * Bounded: past `limits.evidencePerClient` pieces the caller closes what is settled.
 */
export class Client implements Evidence {
  readonly client: string;
  dns: Growing<DnsLookup> = NONE;
  kdc: Growing<KdcExchange> = NONE;
  services: Growing<ServiceExchange> = NONE;
  /** Of these, the requests without an answer. */
  unanswered: Growing<ServiceExchange> = NONE;
  sealed: Growing<SealedConnection> = NONE;
  pings: Growing<DcPing> = NONE;
  uses: Growing<TokenUse> = NONE;
  passwords: Growing<PasswordChange> = NONE;
  netbios: Growing<NetbiosCall> = NONE;
  failures: Growing<ConnectionFailure> = NONE;
  unreachable: Growing<Unreachable> = NONE;
  silences: Growing<NeighbourSilence> = NONE;
  lostDatagrams: Growing<LostDatagram> = NONE;
  kdcTalks: Growing<Connection> = NONE;
  cutDatagrams: Growing<CutDatagram> = NONE;
  /** 0 before the first: frames are counted from 1. */
  firstFrame = 0;
  lastTime: Instant = { seconds: 0, nanos: 0 };
  /** Something that makes a sequence was seen: Kerberos, a challenge or credentials, a search for a DC. */
  hasEvidence = false;
  /** Frames of what was observed of this client; kept by the correlator. */
  frames = 0;
  /** Bytes of the messages among it, roughly; kept by the correlator. */
  weight = 0;
  /** Where it stands among the open clients; kept by `OpenClients`. */
  row: Row | null = null;
  before: Client | null = null;
  after: Client | null = null;
  /** What its packets prove that the capture can show; null: nothing yet. Kept by the correlator. */
  roles: Roles | null = null;
  /** When it came or had news, as a count of such events; kept by `OpenClients`. */
  arrival = 0;
  /** It had no news since it was looked at whether it can leave; kept by `OpenClients`. */
  isLookedAt = false;

  constructor(address: string) {
    this.client = address;
  }

  get size(): number {
    const locator = this.pings.length + this.netbios.length;
    const others = locator + this.uses.length + this.passwords.length;
    return (
      this.dns.length + this.kdc.length + this.services.length + this.sealed.length + others + this.failures.length
    );
  }

  touch(frame: number, time: Instant): void {
    if (this.firstFrame === 0 || frame < this.firstFrame) this.firstFrame = frame;
    if (compareInstants(time, this.lastTime) > 0) this.lastTime = time;
  }

  dnsQuery(query: Observation<DnsMessage>): void {
    const question = query.message.questions[0];
    if (!question) return;
    const open = this.lookupOf(query, query.dst, query.sport);
    if (open && open.response === null) {
      if (open.queries.length < limits.framesPerStep) open.queries.push(query);
      return;
    }
    const lookup = newLookup(query, question, query.dst, query.sport, [query], null);
    // A look-up of such a name says that somebody looks for a domain controller, and nothing else.
    if (question.type === "SRV" && lookup.locator?.isPlain === false) this.hasEvidence = true;
    this.dns = grown(this.dns, lookup);
  }

  dnsResponse(response: Observation<DnsMessage>): void {
    const open = this.lookupOf(response, response.src, response.dport);
    if (open) {
      if (response.message.truncated) open.truncated = true;
      if (open.response === null || open.response.message.truncated) open.response = response;
      return;
    }
    const question = response.message.questions[0];
    if (!question) return;
    this.dns = grown(this.dns, newLookup(response, question, response.src, response.dport, [], response));
  }

  /** The look-up of which the server was asked, or that it answers. */
  private lookupOf(o: Observation<DnsMessage>, server: string, clientPort: number): DnsLookup | undefined {
    return findLast(this.dns, (lookup) => isSameLookup(lookup, o, server, clientPort));
  }

  kdcRequest(request: Observation<AsReq | TgsReq>): void {
    this.hasEvidence = true;
    const same = findLast(this.kdc, (x) => isRetransmission(x, request));
    if (same) {
      if (same.repeats.length < limits.framesPerStep) same.repeats.push(request);
      return;
    }
    this.kdc = grown(this.kdc, {
      frame: request.frames[0] ?? request.frame,
      time: request.time,
      kind: request.message.kind === "AS-REQ" ? "AS" : "TGS",
      kdc: request.dst,
      transport: request.transport,
      connection: request.connection,
      request,
      repeats: [],
      reply: null,
      unreachable: null,
    });
  }

  /** The exchange that it completes; null for a repetition. */
  kdcReply(reply: Observation<AsRep | TgsRep | KrbError>): KdcExchange | null {
    this.hasEvidence = true;
    const open = findLast(this.kdc, (x) => x.reply === null && isReplyTo(x, reply));
    if (open) {
      open.reply = reply;
      return open;
    }
    if (findLast(this.kdc, (x) => isReplyTo(x, reply))) return null;
    const half: KdcExchange = {
      frame: reply.frames[0] ?? reply.frame,
      time: reply.time,
      kind: isOfSignOn(reply.message) ? "AS" : "TGS",
      kdc: reply.src,
      transport: reply.transport,
      connection: reply.connection,
      request: null,
      repeats: [],
      reply,
      unreachable: null,
    };
    this.kdc = grown(this.kdc, half);
    return half;
  }

  netbiosCall(o: Observation<NbnsMessage | NbdgmMessage>): void {
    this.netbios = takeNetbios(this.netbios, o);
  }

  cldap(o: Observation<CldapMessage>): void {
    const pings = takeCldap(this.pings, o);
    if (pings === null) return;
    this.pings = pings;
    this.hasEvidence = true;
  }

  /** A message to or from a service in whose protocol users log on: the exchange that it completes, if it does. */
  serviceMessage(o: Observation, service: Service): ServiceExchange | null {
    const side = service.sideOf(o.message);
    if (!o.connection || side === null) return null;
    if (service.showsLogin(o.message)) this.hasEvidence = true;
    if (side === "request") {
      const exchange = newExchange(o, o.connection, side);
      const isAnswered = this.takeEarlyAnswer(exchange, o, service);
      this.services = grown(this.services, exchange);
      if (!isAnswered) this.unanswered = grown(this.unanswered, exchange);
      return isAnswered ? exchange : null;
    }
    const answered = service.answeredBy(o, this.waitingOn(o.connection));
    if (answered) {
      answered.response = o;
      this.unanswered = without(this.unanswered, answered);
    } else if (side !== "end") this.services = grown(this.services, newExchange(o, o.connection, side));
    return answered;
  }

  /** What the request is answered by where that was read first, and stood for the exchange so far. */
  private takeEarlyAnswer(asked: ServiceExchange, o: Observation, service: Service): boolean {
    for (const answer of this.answersReadEarly(o, asked.connection)) {
      if (answer.response === null || service.answeredBy(answer.response, [asked]) !== asked) continue;
      this.services = this.services.filter((x) => x !== answer);
      asked.response = answer.response;
      return true;
    }
    return false;
  }

  /** A hole before the request kept it back, or the capture swapped two neighbours. */
  private answersReadEarly(o: Observation, connection: Connection): readonly ServiceExchange[] {
    if (connection.lost[FROM_CLIENT] > 0) {
      return this.services.filter((x) => isUnasked(x, connection) && (x.response?.frame ?? 0) > o.frame);
    }
    const last = connection.synSeen ? this.services.at(-1) : undefined;
    return last && isUnasked(last, connection) && secondsBetween(last.time, o.time) < SWAPPED_SECONDS ? [last] : NONE;
  }

  private waitingOn(connection: Connection): readonly ServiceExchange[] {
    const only = this.unanswered[0];
    if (only && this.unanswered.length === 1 && only.connection === connection) return this.unanswered;
    return those(this.unanswered, (x) => x.connection === connection);
  }

  /** An ICMP error about something this client sent. */
  icmp(error: Unreachable): void {
    if (this.unreachable.length < limits.evidencePerClient) this.unreachable = grown(this.unreachable, error);
    if (error.transport !== "udp") return;
    rejectKpasswd(this.passwords, error);
    if (error.dst.port === 53) {
      const lookup = findLast(
        this.dns,
        (x) => x.server === error.dst.address && x.queries.at(-1)?.sport === error.src.port,
      );
      if (lookup && lookup.response === null) lookup.unreachable = error;
    } else if (error.dst.port === 389) {
      rejectPing(this.pings, error);
    } else {
      const exchange = findLast(
        this.kdc,
        (x) => x.kdc === error.dst.address && x.transport === "udp" && x.request?.sport === error.src.port,
      );
      if (exchange && exchange.reply === null) exchange.unreachable = error;
    }
  }

  /** Each piece has a frame of its own: with fewer frames than that, nothing need be counted. */
  get isFull(): boolean {
    return this.frames >= limits.evidencePerClient && this.size >= limits.evidencePerClient;
  }
}

function newLookup(
  { frame, time, message }: Observation<DnsMessage>,
  question: DnsMessage["questions"][number],
  server: string,
  port: number,
  queries: Observation<DnsMessage>[],
  response: Observation<DnsMessage> | null,
): DnsLookup {
  const name = hostOf(question.name);
  return {
    frame,
    time,
    name,
    locator: readLocatorName(name),
    type: question.type,
    server,
    port,
    id: message.id,
    queries,
    response,
    unreachable: null,
    truncated: response?.message.truncated === true,
  };
}

function without<T>(list: Growing<T>, piece: T): Growing<T> {
  if (list.length === 1 && list[0] === piece) return NONE;
  return list.filter((x) => x !== piece);
}

const isUnasked = (x: ServiceExchange, connection: Connection) => x.connection === connection && x.request === null;

function newExchange(o: Observation, connection: Connection, side: "request" | "response"): ServiceExchange {
  return {
    frame: o.frames[0] ?? o.frame,
    time: o.time,
    connection,
    request: side === "request" ? o : null,
    response: side === "response" ? o : null,
    responseLost: false,
    lostBefore: connection.lost[FROM_SERVER],
    seenBefore: connection.seen[FROM_SERVER],
  };
}

/** Neighbours that the capture swapped are no farther apart. */
const SWAPPED_SECONDS = 0.01;

/** How far back a reply looks for its request: a client with more open questions than this is a forger's. */
const LOOK_BACK = 256;

function findLast<T>(items: readonly T[], fits: (item: T) => boolean): T | undefined {
  const stop = Math.max(0, items.length - LOOK_BACK);
  for (let i = items.length - 1; i >= stop; i--) {
    const item = items[i];
    if (item !== undefined && fits(item)) return item;
  }
  return undefined;
}

function isSameLookup(lookup: DnsLookup, { message }: Observation<DnsMessage>, server: string, port: number): boolean {
  if (lookup.id !== message.id || lookup.port !== port || lookup.server !== server) return false;
  const question = message.questions[0];
  return question?.type === lookup.type && hostOf(question.name) === lookup.name;
}

function isRetransmission(x: KdcExchange, o: Observation<AsReq | TgsReq>): boolean {
  const before = x.request;
  return (
    before !== null &&
    before.transport === "udp" &&
    o.transport === "udp" &&
    before.sport === o.sport &&
    x.kdc === o.dst &&
    before.message.kind === o.message.kind &&
    before.message.nonce === o.message.nonce &&
    before.message.padata.length === o.message.padata.length
  );
}

/** KRB-ERRORs that answer no TGS-REQ; RFC 4120 section 7.5.9, RFC 4556 section 3.1.3. */
const AS_ONLY: readonly number[] = [16, 18, 23, 24, 25, 66, 68, 75];

/** A reply whose request is not in the capture. */
function isOfSignOn(reply: AsRep | TgsRep | KrbError): boolean {
  if (reply.kind !== "KRB-ERROR") return reply.kind === "AS-REP";
  return reply.sname !== null && isTicketGranting(reply.sname) && AS_ONLY.includes(reply.errorCode);
}

function isReplyTo(x: KdcExchange, reply: Observation<AsRep | TgsRep | KrbError>): boolean {
  if (x.transport !== reply.transport || x.kdc !== reply.src) return false;
  if (x.transport === "tcp" ? x.connection !== reply.connection : x.request && x.request.sport !== reply.dport) {
    return false;
  }
  if (x.request === null) return false;
  return reply.message.kind === "KRB-ERROR" || (reply.message.kind === "AS-REP") === (x.kind === "AS");
}
