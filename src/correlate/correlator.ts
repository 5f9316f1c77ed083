import { limits } from "../bytes/limits.ts";
import type { ConnectionFailure, LostDatagram, NeighbourSilence, Unreachable } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { ProblemSink } from "../model/problem.ts";
import type { Instant } from "../model/time.ts";
import { compareInstants, secondsBetween } from "../model/time.ts";
import type { Around, Roles } from "./around.ts";
import { Client } from "./client.ts";
import type { HostWish } from "./host-wish.ts";
import { isSettled, settle } from "./settle.ts";
import type { ClientStories, Told } from "./stories.ts";
import { tellClient } from "./stories.ts";
import type { Story } from "./story.ts";
import { WeakPool } from "./weak-pool.ts";

/** What the correlator needs to know of the rest of the capture. */
export interface Surroundings {
  talkedOnlyTo(address: string, peer: string): boolean;
}

export interface Tally {
  /** Weak candidates that were not promoted. */
  readonly unpromoted: number;
}

/**
 * Gathers what concerns each client, closes a client when it has gone quiet, and tells its stories.
 *
 * Memory is bounded by `limits.openClients` × `limits.evidencePerClient`; when too many are open, those whose
 * business is done leave first, then the idlest.
 */
export class Correlator {
  /** In order of last activity. */
  private readonly clients = new Map<string, Client>();
  private readonly roles = new Map<string, { dns: boolean; kdc: boolean }>();
  private readonly weak: WeakPool;
  private readonly tell: (story: Story) => void;
  private readonly problem: ProblemSink;
  private readonly wish: HostWish;
  private readonly surroundings: Surroundings;
  private now: Instant = { seconds: 0, nanos: 0 };
  private hasToldLimit = false;

  constructor(tell: (story: Story) => void, problem: ProblemSink, wish: HostWish, surroundings: Surroundings) {
    this.tell = tell;
    this.problem = problem;
    this.wish = wish;
    this.surroundings = surroundings;
    this.weak = new WeakPool(tell, wish);
  }

  observe(o: Observation): void {
    const m = o.message;
    switch (m.protocol) {
      case "dns":
        if (m.kind === "query") this.client(o.src, o).dnsQuery({ ...o, message: m });
        else this.client(o.dst, o).dnsResponse({ ...o, message: m });
        this.note(m.kind === "query" ? o.src : o.dst, "dns");
        break;
      case "kerberos":
        this.observeKerberos(o);
        break;
      case "http": {
        const address = o.connection?.client.address;
        if (address === undefined) break;
        if (m.kind === "request") this.client(address, o).webRequest({ ...o, message: m });
        else this.client(address, o).webResponse({ ...o, message: m });
        break;
      }
      case "tls":
        if (o.connection) {
          const hello = { ...o, message: m };
          this.client(o.src, o).tls.push({ frame: o.frame, time: o.time, connection: o.connection, hello });
        }
        break;
      default:
        break;
    }
  }

  private observeKerberos(o: Observation): void {
    const m = o.message;
    if (o.via !== null || m.protocol !== "kerberos") return;
    switch (m.kind) {
      case "AS-REQ":
      case "TGS-REQ":
        this.client(o.src, o).kdcRequest({ ...o, message: m });
        this.note(o.src, "kdc");
        break;
      case "AS-REP":
      case "TGS-REP":
      case "KRB-ERROR":
        this.client(o.dst, o).kdcReply({ ...o, message: m });
        this.note(o.dst, "kdc");
        break;
      default:
        break;
    }
  }

  failed(failure: ConnectionFailure): void {
    const address = failure.client.address;
    // A scan or a flood makes a client of every forged address: past the pool's size such failures are only counted.
    if (!this.clients.has(address) && this.weak.isFull) {
      this.weak.count();
      return;
    }
    const frame = failure.frames[0] ?? 1;
    this.client(address, { frame, time: failure.lastTime }).failures.push(failure);
  }

  unreachable(error: Unreachable): void {
    this.clients.get(error.src.address)?.icmp(error);
  }

  silentNeighbour(silence: NeighbourSilence): void {
    const known = this.clients.get(silence.asker);
    if (known && known.silences.length < limits.framesPerStep) known.silences.push(silence);
  }

  lostDatagram(datagram: LostDatagram): void {
    for (const address of [datagram.src, datagram.dst]) {
      const known = this.clients.get(address);
      if (known && known.lostDatagrams.length < limits.framesPerStep) known.lostDatagrams.push(datagram);
    }
  }

  /** The capture is over: everything still open is told, in order of first frames. */
  end(now: Instant): Tally {
    this.advance(now);
    const open = [...this.clients.values()].sort((a, b) => a.firstFrame - b.firstFrame);
    this.clients.clear();
    for (const client of open) this.close(client);
    return { unpromoted: this.weak.end() };
  }

  private client(address: string, at: { readonly frame: number; readonly time: Instant }): Client {
    this.advance(at.time);
    let client = this.clients.get(address);
    if (client) this.clients.delete(address);
    else client = new Client(address);
    this.clients.set(address, client);
    client.touch(at.frame, at.time);
    if (client.full()) this.relieve(client);
    if (this.clients.size > limits.openClients) this.evict(address);
    return client;
  }

  private advance(time: Instant): void {
    if (compareInstants(time, this.now) > 0) this.now = time;
    for (const [address, client] of this.clients) {
      if (secondsBetween(client.lastTime, this.now) < limits.quietSeconds) break;
      this.clients.delete(address);
      this.close(client);
    }
  }

  private evict(spared: string): void {
    const victim = this.oldestSettled(spared) ?? this.oldest(spared);
    if (!victim) return;
    if (!isSettled(victim) && !this.hasToldLimit) {
      this.hasToldLimit = true;
      this.problem({
        text: `more than ${limits.openClients} clients are busy at once: the idlest were judged on what had been read of them`,
        frame: victim.firstFrame,
      });
    }
    this.clients.delete(victim.client);
    this.close(victim);
  }

  private oldestSettled(spared: string): Client | null {
    let looked = 0;
    for (const client of this.clients.values()) {
      if (client.client !== spared && isSettled(client)) return client;
      if (++looked >= 64) break;
    }
    return null;
  }

  private oldest(spared: string): Client | null {
    for (const client of this.clients.values()) if (client.client !== spared) return client;
    return null;
  }

  private close(client: Client): void {
    if (!client.hasEvidence && this.weak.isFull && this.wish.isEmpty) {
      this.weak.count();
      return;
    }
    const stories = tellClient(client, this.around(client));
    this.tellAll(client, stories, stories.told);
  }

  /** A client with too much evidence tells what is over and keeps the rest. */
  private relieve(client: Client): void {
    const stories = tellClient(client, this.around(client));
    this.tellAll(client, stories, settle(client, stories.told));
  }

  private tellAll(client: Client, stories: ClientStories, told: readonly Told[]): void {
    const inOrder = [...told].sort((a, b) => a.story.frame - b.story.frame);
    for (const { story } of inOrder) if (this.wish.accepts(story)) this.tell(story);
    if (stories.told.length > 0) this.weak.seen(client.client);
    this.weak.add(client.client, stories.candidates);
  }

  private note(address: string, role: keyof Roles): void {
    let roles = this.roles.get(address);
    if (!roles) {
      if (this.roles.size >= limits.hosts) return;
      roles = { dns: false, kdc: false };
      this.roles.set(address, roles);
    }
    roles[role] = true;
  }

  private around(client: Client): Around {
    return {
      now: this.now,
      roles: this.roles.get(client.client) ?? { dns: false, kdc: false },
      talkedOnlyTo: (peer) => this.surroundings.talkedOnlyTo(client.client, peer),
    };
  }
}
