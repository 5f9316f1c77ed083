import { limits } from "./bytes/limits.ts";
import { FROM_CLIENT } from "./model/connection.ts";
import { type HostFacts, INVENTORY_SCHEMA, type Inventory, type Role, roles } from "./model/inventory.ts";
import type { Observation } from "./model/observation.ts";
import type { ReportProblem } from "./model/report.ts";
import { type Feeding, noEvents, type Reading, River } from "./river.ts";
import { version } from "./version.ts";

/** Captures being read for what they hold. */
export interface Stocktaking extends Feeding {
  /** Known after `end`. */
  inventory(): Inventory;
}

/** Reads captures for their hosts and the roles these play; `problem` is told at once, too. */
export function takeStock(reading: Reading, problem: (problem: ReportProblem) => void = () => {}): Stocktaking {
  const hosts = new HostBook();
  const river: River = new River(reading, (observation) => hosts.note(observation), noEvents, problem);
  return {
    wants: () => river.wants(),
    feed: (chunk, capture) => river.feed(chunk, capture),
    finish: (capture) => river.finish(capture),
    problem: (one, capture) => river.problem(one, capture),
    end: (early) => river.end(early),
    get stopped() {
      return river.stopped;
    },
    get unreadable() {
      return river.unreadable;
    },
    inventory: () => ({
      schema: INVENTORY_SCHEMA,
      tool: { name: "kflow", version },
      captures: river.summaries(),
      hosts: hosts.list().map((host) => placed(host, river)),
      hostsOmitted: hosts.omitted,
      messages: hosts.messages,
      problems: river.problems.list(),
    }),
  };
}

function placed(host: HostFacts, { placeOf }: River): HostFacts {
  return placeOf === null || typeof host.frame !== "number" ? host : { ...host, frame: placeOf(host.frame) };
}

interface Part {
  sent: number;
  received: number;
}

interface Host {
  readonly address: string;
  readonly frame: number;
  readonly parts: Map<Role, Part>;
}

const roleByProtocol = new Map<string, Role>();
for (const [role, protocols] of Object.entries(roles)) {
  for (const protocol of protocols) if (isRole(role)) roleByProtocol.set(protocol, role);
}

function isRole(text: string): text is Role {
  return Object.hasOwn(roles, text);
}

/** Requests over UDP; over TCP the connection says who is the client. */
const REQUESTS: ReadonlySet<string> = new Set(["query", "search", "request", "AS-REQ", "TGS-REQ", "AP-REQ"]);

/** Hosts by address, with what they said and what they are called. */
class HostBook {
  omitted = 0;
  readonly messages: { [protocol: string]: number } = {};
  private readonly hosts = new Map<string, Host>();
  private readonly strangers = new Set<string>();
  private readonly names = new Map<string, Set<string>>();

  note(o: Observation): void {
    const { protocol, kind } = o.message;
    this.messages[protocol] = (this.messages[protocol] ?? 0) + 1;
    const role = roleByProtocol.get(protocol);
    if (role === undefined) return;
    const isRequest = o.connection === null ? REQUESTS.has(kind) : o.direction === FROM_CLIENT;
    const [client, server] = isRequest ? [o.src, o.dst] : [o.dst, o.src];
    this.count(client, "client", isRequest, o.frame);
    this.count(server, role, !isRequest, o.frame);
    this.learnNames(o, server);
  }

  list(): HostFacts[] {
    return [...this.hosts.values()].map(({ address, frame, parts }) => ({
      address,
      names: [...(this.names.get(address) ?? [])],
      roles: [...parts].map(([role, part]) => ({ role, ...part })),
      frame,
    }));
  }

  private count(address: string, role: Role, isSender: boolean, frame: number): void {
    const host = this.host(address, frame);
    if (host === null) return;
    const part = host.parts.get(role) ?? { sent: 0, received: 0 };
    host.parts.set(role, part);
    if (isSender) part.sent++;
    else part.received++;
  }

  private host(address: string, frame: number): Host | null {
    const known = this.hosts.get(address);
    if (known !== undefined) return known;
    if (this.hosts.size >= limits.inventoryHosts) {
      if (this.strangers.size < limits.hosts) this.strangers.add(address);
      this.omitted = this.strangers.size;
      return null;
    }
    const host: Host = { address, frame, parts: new Map() };
    this.hosts.set(address, host);
    return host;
  }

  private learnNames({ message }: Observation, server: string): void {
    if (message.protocol === "tls" && message.serverName !== null) this.name(server, message.serverName);
    if (message.protocol !== "dns" || message.kind !== "response") return;
    const asked = message.questions[0]?.name;
    for (const { type, data } of message.answers) {
      if (asked !== undefined && (type === "A" || type === "AAAA")) this.name(data, asked);
    }
  }

  /** A name may be heard before the host itself speaks. */
  private name(address: string, name: string): void {
    const known = this.names.get(address);
    if (known === undefined && this.names.size >= limits.hosts) return;
    const names = known ?? new Set<string>();
    if (known === undefined) this.names.set(address, names);
    if (names.size < limits.namesPerHost) names.add(name.toLowerCase().replace(/\.$/, ""));
  }
}
