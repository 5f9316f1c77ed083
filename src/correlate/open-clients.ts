import { limits } from "../bytes/limits.ts";
import { Turnover } from "../bytes/turnover.ts";
import { compareInstants } from "../model/time.ts";
import type { Client } from "./client.ts";
import { stateOf } from "./settle.ts";

/** Clients looked at in one go for one that can leave. */
const LOOK_AT = 64;
/** Of these, clients that were looked at before: a connection may have been closed since. */
const LOOK_AGAIN_AT = 8;

/** Clients in order of last activity (to the second), each linked to its neighbours: all that is asked takes one step. */
export class Row {
  first: Client | null = null;
  private last: Client | null = null;

  append(client: Client): void {
    client.row = this;
    client.before = this.last;
    if (this.last) this.last.after = client;
    else this.first = client;
    this.last = client;
  }

  remove(client: Client): void {
    const { before, after } = client;
    if (before) before.after = after;
    else this.first = after;
    if (after) after.before = before;
    else this.last = before;
    client.row = null;
    client.before = null;
    client.after = null;
  }
}

/**
 * The clients whose evidence is open.
 *
 * They stand in three rows: a client that is looked at and cannot leave changes the row, so that it is not looked at
 * again with every client that comes.
 */
export class OpenClients {
  private readonly byAddress = new Turnover<string, Client>();
  /** With news since they were last looked at. */
  private readonly active = new Row();
  /** Answered with a refusal: they may try again. */
  private readonly answered = new Row();
  /** Something is unanswered, or a connection open. */
  private readonly waiting = new Row();
  private arrivals = 0;

  get size(): number {
    return this.byAddress.size;
  }

  get(address: string): Client | undefined {
    return this.byAddress.get(address);
  }

  /** A new client, or one with news. */
  moveLast(client: Client): void {
    if (client.row) client.row.remove(client);
    else this.byAddress.add(client.client, client);
    this.arrivals += 1;
    client.arrival = this.arrivals;
    client.isLookedAt = false;
    this.active.append(client);
  }

  delete(client: Client): void {
    this.byAddress.delete(client.client);
    client.row?.remove(client);
  }

  /** Takes all out, in order of first frames. */
  clear(): Client[] {
    const all: Client[] = [];
    for (const row of [this.active, this.answered, this.waiting]) {
      for (let client = row.first; client; client = row.first) {
        this.delete(client);
        all.push(client);
      }
    }
    return all.sort((a, b) => a.firstFrame - b.firstFrame);
  }

  idlest(spared: Client | null = null): Client | null {
    const active = first(this.active, spared);
    return idlerOf(idlerOf(active, first(this.answered, spared)), first(this.waiting, spared));
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
  private lookAt(row: Row, overtaken: number, most: number, spared: Client): Client | null {
    let client = row.first;
    for (let looked = 0; client !== null && looked < most; looked++) {
      if (this.overtaking(client) < overtaken) return null;
      const next: Client | null = client.after;
      if (client !== spared) {
        const state = stateOf(client);
        if (state === "settled") return client;
        putAside(client, state === "answered" ? this.answered : this.waiting);
      }
      client = next;
    }
    return null;
  }
}

function putAside(client: Client, row: Row): void {
  client.isLookedAt = true;
  if (client.row === row) return;
  client.row?.remove(client);
  row.append(client);
}

function first({ first }: Row, spared: Client | null): Client | null {
  return first !== null && first === spared ? first.after : first;
}

function idlerOf(one: Client | null, other: Client | null): Client | null {
  if (!one || !other) return one ?? other;
  return compareInstants(other.lastTime, one.lastTime) < 0 ? other : one;
}
