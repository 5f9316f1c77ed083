import type { Message } from "../../dissectors/registry.ts";
import { limits } from "../bytes/limits.ts";
import type { ProblemSink } from "../model/problem.ts";
import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import { Client } from "./client.ts";
import { OpenClients } from "./open-clients.ts";
import type { Teller } from "./teller.ts";
import { weightOf, weightOfEvidence } from "./weight.ts";
import type { World } from "./world.ts";

interface Place {
  readonly frame: number;
  /** One where it is not told. */
  readonly frameCount?: number;
  readonly time: Instant;
  /** Of an observation. */
  readonly message?: Message;
  readonly inside?: readonly Message[];
}

/**
 * The evidence of all clients that are not told yet: a client that has gone quiet is closed.
 *
 * Memory is bounded by `limits.openClients`, `limits.evidencePerClient`, `limits.evidenceFrames` and
 * `limits.evidenceBytes`; when too much is open, clients whose business is done leave first, then the idlest.
 */
export class OpenEvidence {
  private readonly clients = new OpenClients();
  /** Second before which no client has been quiet for long enough. */
  private due = Number.NEGATIVE_INFINITY;
  private readonly world: World;
  private readonly teller: Teller;
  private readonly problem: ProblemSink;
  /** Frames of all evidence that open clients hold, and bytes of its messages: the measure of its memory. */
  private frames = 0;
  private weight = 0;
  /** Of each limit that was reached, what was said of it. */
  private readonly told = new Set<string>();

  constructor(world: World, teller: Teller, problem: ProblemSink) {
    this.world = world;
    this.teller = teller;
    this.problem = problem;
  }

  get(address: string): Client | undefined {
    return this.clients.get(address);
  }

  /** The capture is over: everything still open is told, in order of first frames. */
  end(now: Instant): void {
    this.advance(now);
    for (const client of this.clients.clear()) this.close(client);
  }

  /** The client of an address, where something was seen now: it may be a new one. */
  client(address: string, at: Place): Client {
    this.advance(at.time);
    const known = this.notTooHeavy(address);
    const client = known ?? new Client(address);
    // The order need only be right to the second.
    const isMoved = !known || client.isLookedAt || secondsBetween(client.lastTime, at.time) >= 1;
    if (isMoved) this.clients.moveLast(client);
    client.touch(at.frame, at.time);
    this.due = Math.min(this.due, client.lastTime.seconds + limits.quietSeconds);
    const frames = at.frameCount ?? 1;
    client.frames += frames;
    this.frames += frames;
    this.weigh(client, at);
    if (client.isFull) this.relieve(client);
    if (isMoved) this.makeRoom(client);
    while (this.isOverfull && this.makeRoom(client));
    return client;
  }

  private get isOverfull(): boolean {
    return this.frames > limits.evidenceFrames || this.weight > limits.evidenceBytes;
  }

  private weigh(client: Client, { message, inside }: Place): void {
    if (message === undefined || inside === undefined) return;
    const weight = weightOf(message, inside);
    client.weight += weight;
    this.weight += weight;
  }

  /** The client of an address; one whose messages are too much for memory is told as it stands, and begins anew. */
  private notTooHeavy(address: string): Client | undefined {
    const client = this.clients.get(address);
    if (client === undefined || client.weight <= limits.clientBytes) return client;
    this.tellLimit(
      `the messages of one client hold more than ${limits.clientBytes} bytes: it was judged on what had been read of it`,
      client,
    );
    this.clients.delete(client);
    this.close(client);
    return undefined;
  }

  private advance(time: Instant): void {
    this.world.advance(time);
    const { now } = this.world;
    if (now.seconds < this.due) return;
    this.due = Number.POSITIVE_INFINITY;
    for (let client = this.clients.idlest(); client; client = this.clients.idlest()) {
      if (secondsBetween(client.lastTime, now) < limits.quietSeconds) {
        this.due = client.lastTime.seconds + limits.quietSeconds;
        return;
      }
      this.clients.delete(client);
      this.close(client);
    }
  }

  /** Clients whose business is done leave first, then those that may still try again, then the idlest of all. */
  private makeRoom(spared: Client): boolean {
    const { clients } = this;
    const isUrgent = this.isOverfull || clients.size > limits.openClients;
    const done = clients.settled(isUrgent, spared) ?? clients.refused(isUrgent, spared);
    const victim = done ?? (isUrgent ? clients.idlest(spared) : null);
    if (!victim) return false;
    if (!done) this.tellRoom(victim);
    clients.delete(victim);
    this.close(victim);
    return true;
  }

  private tellRoom(victim: Client): void {
    const judged = "are busy at once: the idlest were judged on what had been read of them";
    this.tellLimit(
      this.weight > limits.evidenceBytes
        ? `clients whose messages hold more than ${limits.evidenceBytes} bytes ${judged}`
        : `more than ${limits.openClients} clients, or clients with more than ${limits.evidenceFrames} frames, ${judged}`,
      victim,
    );
  }

  /** The first time that memory was too small in this way. */
  private tellLimit(text: string, { firstFrame }: Client): void {
    if (this.told.has(text)) return;
    this.told.add(text);
    this.problem({ text, frame: firstFrame });
  }

  private close(client: Client): void {
    this.frames -= client.frames;
    this.weight -= client.weight;
    this.teller.leave(client);
  }

  private relieve(client: Client): void {
    this.teller.relieve(client);
    // What stays is the newest part: its frames are counted by its pieces.
    const frames = Math.min(client.frames, client.size);
    this.frames -= client.frames - frames;
    client.frames = frames;
    const weight = weightOfEvidence(client);
    this.weight -= client.weight - weight;
    client.weight = weight;
  }
}
