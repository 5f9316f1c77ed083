import { limits } from "../bytes/limits.ts";
import { compareInstants } from "../model/time.ts";
import type { Client } from "./client.ts";
import { stateOf } from "./settle.ts";

/** Clients looked at in one go for one that can leave. */
const LOOK_AT = 64;
/** Of these, clients that were looked at before: a connection may have been closed since. */
const LOOK_AGAIN_AT = 8;

/**
 * The clients whose evidence is open.
 *
 * They stand in three rows, each in order of last activity (to the second): a client that is looked at and cannot leave
 * changes the row, so that it is not looked at again with every client that comes.
 */
export class OpenClients {
  /** With news since they were last looked at. */
  private readonly active = new Map<string, Client>();
  /** Answered with a refusal: they may try again. */
  private readonly answered = new Map<string, Client>();
  /** Something is unanswered, or a connection open. */
  private readonly waiting = new Map<string, Client>();
  private arrivals = 0;

  get size(): number {
    return this.active.size + this.answered.size + this.waiting.size;
  }

  get(address: string): Client | undefined {
    return this.active.get(address) ?? this.answered.get(address) ?? this.waiting.get(address);
  }

  /** A new client, or one with news. */
  moveLast(client: Client): void {
    this.delete(client);
    this.arrivals += 1;
    client.arrival = this.arrivals;
    client.isLookedAt = false;
    this.active.set(client.client, client);
  }

  delete({ client }: Client): void {
    if (!this.active.delete(client) && !this.answered.delete(client)) this.waiting.delete(client);
  }

  /** Takes all out, in order of first frames. */
  clear(): Client[] {
    const all = [...this.active.values(), ...this.answered.values(), ...this.waiting.values()];
    for (const row of [this.active, this.answered, this.waiting]) row.clear();
    return all.sort((a, b) => a.firstFrame - b.firstFrame);
  }

  idlest(spared?: Client): Client | null {
    let idlest: Client | null = null;
    for (const row of [this.active, this.answered, this.waiting]) {
      const client = first(row, spared);
      if (client && (!idlest || compareInstants(client.lastTime, idlest.lastTime) < 0)) idlest = client;
    }
    return idlest;
  }

  /** The idlest of those whose every question was answered well; `isUrgent`: though few others had news since. */
  settled(isUrgent: boolean, spared: Client): Client | null {
    const overtaken = isUrgent ? 0 : limits.settledClients;
    return this.lookAt(this.active, overtaken, LOOK_AT, spared) ?? this.lookAt(this.waiting, 0, LOOK_AGAIN_AT, spared);
  }

  /** The same of those that were answered with a refusal. */
  refused(isUrgent: boolean, spared: Client): Client | null {
    const client = first(this.answered, spared);
    return client && (isUrgent || this.overtaking(client) > limits.answeredClients) ? client : null;
  }

  /** How many others came or had news since. */
  private overtaking(client: Client): number {
    return this.arrivals - client.arrival;
  }

  /** The first settled client of those overtaken; what stands before it goes to the row where it belongs. */
  private lookAt(row: Map<string, Client>, overtaken: number, most: number, spared: Client): Client | null {
    let looked = 0;
    for (const client of row.values()) {
      if (this.overtaking(client) < overtaken || looked === most) return null;
      looked += 1;
      if (client === spared) continue;
      const state = stateOf(client);
      if (state === "settled") return client;
      this.putAside(client, row, state === "answered" ? this.answered : this.waiting);
    }
    return null;
  }

  private putAside(client: Client, from: Map<string, Client>, to: Map<string, Client>): void {
    client.isLookedAt = true;
    if (from === to) return;
    from.delete(client.client);
    to.set(client.client, client);
  }
}

function first(row: ReadonlyMap<string, Client>, spared: Client | undefined): Client | null {
  for (const client of row.values()) if (client !== spared) return client;
  return null;
}
