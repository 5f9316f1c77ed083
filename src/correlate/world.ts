import type { DnsMessage } from "../../dissectors/dns/message.ts";
import { limits } from "../bytes/limits.ts";
import type { Endpoint } from "../model/connection.ts";
import type { Instant } from "../model/time.ts";
import { compareInstants } from "../model/time.ts";
import { type Around, type Roles, rolesOf } from "./around.ts";
import type { Client } from "./client.ts";
import { ClientMarks, MARK } from "./client-marks.ts";
import { hostOf } from "./names.ts";
import { TicketBooks } from "./tickets/books.ts";

/** What the correlator needs to know of the rest of the capture. */
export interface Surroundings {
  talkedOnlyTo(address: string, peer: string): boolean;
  /** A random number for hash tables (`Platform.seed`). */
  readonly seed: number;
}

/** What the whole capture shows so far, over all clients; at most `limits.hosts` addresses of each kind. */
export class World {
  now: Instant = { seconds: 0, nanos: 0 };
  readonly tickets: TicketBooks;
  readonly marks: ClientMarks;
  /** Names by address. */
  private readonly names = new Map<string, string>();
  private readonly nameOf = (address: string): string | undefined => this.names.get(address);
  /** Servers, with and without their ports, of connections that could not be read. */
  private readonly unreadServers = new Set<string>();
  private readonly mayHide = (address: string, port: number | null): boolean =>
    this.unreadServers.size >= limits.hosts || this.unreadServers.has(port === null ? address : `${address} ${port}`);
  private readonly surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
    this.tickets = new TicketBooks(surroundings.seed);
    this.marks = new ClientMarks(limits.hosts, surroundings.seed);
  }

  advance(time: Instant): void {
    if (compareInstants(time, this.now) > 0) this.now = time;
  }

  note(client: Client, role: keyof Roles): void {
    if (client.roles?.[role]) return;
    const marks = this.marks.add(client.client, MARK[role]);
    if (marks !== 0) client.roles = rolesOf(marks);
  }

  /** The client may have logged on there: a snap length cut what they said. */
  unreadLogin(client: string, { address, port }: Endpoint): void {
    this.marks.suspect(client, MARK.unreadLogin);
    if (this.unreadServers.size < limits.hosts) this.unreadServers.add(address).add(`${address} ${port}`);
  }

  get hidesLogins(): boolean {
    return this.unreadServers.size > 0;
  }

  learn({ questions, answers }: DnsMessage): void {
    const name = questions[0]?.name;
    if (name === undefined) return;
    let host: string | null = null;
    for (const { type, data } of answers) {
      if ((type !== "A" && type !== "AAAA") || this.names.size >= limits.hosts) continue;
      host ??= hostOf(name);
      this.names.set(data, host);
    }
  }

  around({ client, roles }: Client): Around {
    const marks = this.marks.of(client);
    return {
      now: this.now,
      roles: roles ?? rolesOf(marks),
      isLoginUnread: (marks & MARK.unreadLogin) !== 0,
      areNamesUnread: (marks & MARK.unreadNames) !== 0,
      tickets: this.tickets,
      nameOf: this.nameOf,
      mayHide: this.mayHide,
      talkedOnlyTo: (peer) => this.surroundings.talkedOnlyTo(client, peer),
    };
  }
}
