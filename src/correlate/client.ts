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
import type { Observation } from "../model/observation.ts";
import type { Instant } from "../model/time.ts";
import { compareInstants } from "../model/time.ts";
import type { Roles } from "./around.ts";
import type { CutTalk, DnsLookup, Evidence, KdcExchange, SealedConnection, ServiceExchange } from "./evidence.ts";
import { rejectRequest, takeReply, takeRequest } from "./kdc-exchanges.ts";
import type { DcPing } from "./locator-pings.ts";
import { rejectPing, takeCldap } from "./locator-pings.ts";
import { rejectQuery, takeQuery, takeResponse } from "./lookups.ts";
import type { NetbiosCall } from "./netbios-calls.ts";
import { takeNetbios } from "./netbios-calls.ts";
import type { Row } from "./open-clients.ts";
import { type Growing, grown, NONE } from "./order.ts";
import type { PasswordChange } from "./password-changes.ts";
import { rejectKpasswd } from "./password-changes.ts";
import { takeMessage } from "./service-exchanges.ts";
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
  cutTalks: Growing<CutTalk> = NONE;
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
    takeQuery(this, query);
  }

  dnsResponse(response: Observation<DnsMessage>): void {
    this.dns = takeResponse(this.dns, response);
  }

  kdcRequest(request: Observation<AsReq | TgsReq>): void {
    this.hasEvidence = true;
    this.kdc = takeRequest(this.kdc, request);
  }

  /** The exchange that it completes; null for a repetition. */
  kdcReply(reply: Observation<AsRep | TgsRep | KrbError>): KdcExchange | null {
    this.hasEvidence = true;
    return takeReply(this, reply);
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
    return takeMessage(this, o, service);
  }

  /** An ICMP error about something this client sent. */
  icmp(error: Unreachable): void {
    if (this.unreachable.length < limits.evidencePerClient) this.unreachable = grown(this.unreachable, error);
    if (error.transport !== "udp") return;
    rejectKpasswd(this.passwords, error);
    if (error.dst.port === 53) rejectQuery(this.dns, error);
    else if (error.dst.port === 389) rejectPing(this.pings, error);
    else rejectRequest(this.kdc, error);
  }

  /** Each piece has a frame of its own: with fewer frames than that, nothing need be counted. */
  get isFull(): boolean {
    return this.frames >= limits.evidencePerClient && this.size >= limits.evidencePerClient;
  }
}
