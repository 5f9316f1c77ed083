import type { DnsMessage } from "../../dissectors/dns/message.ts";
import type { KerberosMessage, Kpasswd } from "../../dissectors/kerberos/message.ts";
import type { CldapMessage } from "../../dissectors/ldap/message.ts";
import type { NbdgmMessage, NbnsMessage } from "../../dissectors/netbios/message.ts";
import type { Message } from "../../dissectors/registry.ts";
import { limits } from "../bytes/limits.ts";
import type {
  Connection,
  ConnectionFailure,
  Endpoint,
  LostDatagram,
  NeighbourSilence,
  Unreachable,
} from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { ProblemSink } from "../model/problem.ts";
import type { Instant } from "../model/time.ts";
import { MARK } from "./client-marks.ts";
import { type CutTalk, KERBEROS_PORT, type SealedConnection } from "./evidence.ts";
import type { HostWish } from "./host-wish.ts";
import { callerOf, isNetbiosCall } from "./netbios-calls.ts";
import { OpenEvidence } from "./open-evidence.ts";
import { type Growing, grown } from "./order.ts";
import { KPASSWD_PORT, takeKpasswd } from "./password-changes.ts";
import { serviceOf } from "./services/index.ts";
import { Teller, type TellStory } from "./teller.ts";
import type { ServiceKeys } from "./tickets/keys.ts";
import type { WeakEtypes } from "./tickets/weak-etypes.ts";
import { type Carrying, carriesUse, takeUse } from "./uses.ts";
import { type Surroundings, World } from "./world.ts";

export interface Tally {
  /** Weak candidates that were not promoted. */
  readonly unpromoted: number;
  /** A snap length cut what may be logins. */
  readonly hidesLogins: boolean;
  /** What the capture shows of the services' keys. */
  readonly services: readonly ServiceKeys[];
  /** Who still depends on RC4 or DES. */
  readonly weak: WeakEtypes;
}

/** Gives each message, and whatever else is seen, to the client whom it concerns, and to what is remembered of all. */
export class Correlator {
  private readonly world: World;
  private readonly teller: Teller;
  private readonly open: OpenEvidence;
  private readonly problem: ProblemSink;

  constructor(tell: TellStory, problem: ProblemSink, wish: HostWish, surroundings: Surroundings) {
    this.problem = problem;
    this.world = new World(surroundings);
    this.teller = new Teller(tell, wish, this.world);
    this.open = new OpenEvidence(this.world, this.teller, problem);
  }

  /** The protocol is looked at once: messages are of dozens of shapes, and each look costs. */
  observe(o: Observation): void {
    switch (o.message.protocol) {
      case "dns":
        if (isOf(o, "dns")) this.observeDns(o);
        return;
      case "kerberos":
        if (isOf(o, "kerberos")) this.observeKerberos(o);
        return;
      case "cldap":
        if (isOf(o, "cldap")) this.observeCldap(o);
        return;
      case "nbns":
      case "nbdgm":
        if (isOf(o, "nbns") || isOf(o, "nbdgm")) this.observeNetbios(o);
        return;
      case "kpasswd":
        if (isOf(o, "kpasswd")) this.observeKpasswd(o);
        return;
      default:
        this.observeConnected(o);
    }
  }

  private observeConnected(o: Observation): void {
    if (isOf(o, "tls") || isKind(o, "encrypted")) this.observeSealed(o);
    else if (carriesUse(o)) this.observeUse(o);
    else this.observeService(o);
  }

  private observeSealed(opening: SealedConnection["opening"]): void {
    const { frame, time, connection, message } = opening;
    if (!connection) return;
    const serverName = message.protocol === "tls" ? message.serverName : null;
    const client = this.open.client(connection.client.address, opening);
    client.sealed = grown(client.sealed, { frame, time, connection, opening, serverName });
  }

  private observeUse(o: Carrying): void {
    const client = this.open.client(o.connection?.client.address ?? o.src, o);
    client.uses = takeUse(client.uses, o);
    this.world.tickets.sent(o);
  }

  private observeKpasswd(o: Observation<Kpasswd>): void {
    const client = this.open.client(o.message.kind === "request" ? o.src : o.dst, o);
    client.passwords = takeKpasswd(client.passwords, o);
  }

  private observeDns(o: Observation<DnsMessage>): void {
    if (o.message.kind === "query") {
      const client = this.open.client(o.src, o);
      client.dnsQuery(o);
      this.world.note(client, "dns");
    } else {
      const client = this.open.client(o.dst, o);
      client.dnsResponse(o);
      if (o.message.cut === true && o.message.questions[0]?.type === "SRV") this.unreadNames(o.dst);
      this.world.learn(o.message);
      this.world.note(client, "dns");
    }
  }

  private observeService(o: Observation): void {
    const service = serviceOf(o.message);
    if (!service || !o.connection) return;
    const answered = this.open.client(o.connection.client.address, o).serviceMessage(o, service);
    if (answered) this.world.tickets.answered(answered, service);
    else this.world.tickets.sent(o);
  }

  private observeNetbios(o: Observation<NbnsMessage | NbdgmMessage>): void {
    if (isNetbiosCall(o)) this.open.client(callerOf(o), o).netbiosCall(o);
  }

  private observeCldap(o: Observation<CldapMessage>): void {
    this.open.client(o.message.kind === "search" ? o.src : o.dst, o).cldap(o);
  }

  /** Tokens carried by other protocols are read with their carrier; what refuses a new password is no KDC's answer. */
  private observeKerberos(o: Observation<KerberosMessage>): void {
    if (o.sport === KPASSWD_PORT) return;
    if (isKind(o, "AS-REQ") || isKind(o, "TGS-REQ")) {
      const client = this.open.client(o.src, o);
      client.kdcRequest(o);
      this.world.tickets.asked(o);
      this.world.note(client, "kdc");
    } else if (isKind(o, "AS-REP") || isKind(o, "TGS-REP") || isKind(o, "KRB-ERROR")) {
      const client = this.open.client(o.dst, o);
      const exchange = client.kdcReply(o);
      if (exchange) this.world.tickets.replied(exchange);
      this.world.note(client, "kdc");
    }
  }

  failed(failure: ConnectionFailure): void {
    const address = failure.client.address;
    if (!this.open.get(address) && this.failedOfStranger()) return;
    const frame = failure.frames[0] ?? 1;
    const client = this.open.client(address, { frame, time: failure.lastTime });
    client.failures = grown(client.failures, failure);
  }

  /** A scan or a flood makes a client of every forged address: past the pool's size such failures are only counted. */
  failedOfStranger(): boolean {
    return this.teller.isCounted();
  }

  unreachable(error: Unreachable): void {
    const { address } = error.src;
    const known = this.open.get(address);
    if (known) known.icmp(error);
    // What is known of a connection that fails is told later; datagrams that nobody reads are nobody's.
    else if (error.transport === "tcp" && !this.teller.isFull) this.open.client(address, error).icmp(error);
  }

  silentNeighbour(silence: NeighbourSilence): void {
    const known = this.open.get(silence.asker);
    if (known && known.silences.length < limits.framesPerStep) known.silences = grown(known.silences, silence);
  }

  lostDatagram(datagram: LostDatagram): void {
    for (const address of [datagram.src, datagram.dst]) {
      const known = this.open.get(address);
      if (!known || known.lostDatagrams.length >= limits.framesPerStep) continue;
      known.lostDatagrams = grown(known.lostDatagrams, datagram);
    }
  }

  /** Somebody talks to a KDC over TCP. */
  kdcTalk(connection: Connection): void {
    const { address } = connection.client;
    const client = this.open.client(address, { frame: connection.firstFrame, time: connection.lastTime });
    client.kdcTalks = newest(client.kdcTalks, connection);
    this.world.note(client, "kdc");
  }

  /** What a domain controller was told or said in a datagram, or on a connection, that cannot be read. */
  cutTalk(cut: CutTalk, isFromServer: boolean): void {
    const address = isFromServer ? cut.to : cut.from;
    const client = this.open.client(address, cut);
    client.cutTalks = newest(client.cutTalks, cut);
    if (cut.port === KERBEROS_PORT) this.world.note(client, "kdc");
  }

  unreadLogin(client: string, server: Endpoint): void {
    this.world.unreadLogin(client, server);
  }

  unreadNames(client: string): void {
    this.world.marks.suspect(client, MARK.unreadNames);
  }

  /** The capture is over: everything still open is told, in order of first frames. */
  end(now: Instant): Tally {
    this.open.end(now);
    const { keys, weak } = this.world.tickets;
    if (keys.overflow > 0) {
      this.problem({
        text: `tickets for more than ${limits.servicesCompared} services: the keys of the later ones were not compared (${keys.overflow} tickets)`,
      });
    }
    const { hidesLogins } = this.world;
    return { unpromoted: this.teller.end(), hidesLogins, services: keys.list(), weak };
  }
}

function isOf<P extends Message["protocol"]>(
  o: Observation,
  protocol: P,
): o is Observation<Extract<Message, { protocol: P }>> {
  return o.message.protocol === protocol;
}

function isKind<M extends Message, K extends M["kind"]>(
  o: Observation<M>,
  kind: K,
): o is Observation<Extract<M, { kind: K }>> & Observation<M> {
  return o.message.kind === kind;
}

/** With one more piece, and without the oldest where that is one too many. */
function newest<T>(list: Growing<T>, piece: T): T[] {
  const longer = grown(list, piece);
  if (longer.length > limits.framesPerStep) longer.shift();
  return longer;
}
