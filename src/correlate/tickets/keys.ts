import type { Ticket } from "../../../dissectors/kerberos/message.ts";
import { limits } from "../../bytes/limits.ts";
import { grown, NONE } from "../order.ts";
import type { Issue } from "./lineage.ts";

/** A ticket shown to a service, and how that answered. */
export interface Shown {
  readonly frame: number;
  readonly by: string;
  readonly at: string;
  /** The code of the KRB-ERROR that refused it; null where none came. */
  readonly code: number | null;
}

/** One key of a service: what the capture shows of the tickets that are encrypted with it. */
export interface ServiceKey {
  readonly etype: number;
  readonly kvno: number | null;
  /** Frames of the first and the last ticket issued; null where all come from elsewhere. */
  firstIssued: number | null;
  lastIssued: number | null;
  /** Such a ticket was issued to a client that had offered AES too. */
  despiteAes: boolean;
  /** Frame of the first ticket that was shown to the service. */
  presented: number | null;
  kdcs: string[];
  /** Clients that got such a ticket, or presented one. */
  holders: string[];
  /** The first one that was taken, and frame of the last; the first one that was not. */
  accepted: Shown | null;
  lastAccepted: number | null;
  refused: Shown | null;
}

export interface ServiceKeys {
  readonly sname: string;
  readonly realm: string;
  keys: ServiceKey[];
}

/**
 * The keys of all services, as the tickets for them name them (etype and kvno).
 *
 * At most `limits.servicesCompared` services, `limits.keysPerService` keys and `limits.hostsPerKey` hosts of each.
 */
export class KeyBook {
  /** Tickets of services that found no room. */
  overflow = 0;
  private readonly services = new Map<string, ServiceKeys>();
  /** The same as spelled first: nearly all are spelled alike, and need no name made for them. */
  private readonly spelled = new Map<string, ServiceKeys[]>();

  issued({ ticket, frame, to, by }: Issue, offersAes = false): void {
    const key = this.keyOf(ticket);
    if (!key) return;
    key.firstIssued ??= frame;
    key.lastIssued = frame;
    if (offersAes) key.despiteAes = true;
    key.kdcs = noted(key.kdcs, by);
    key.holders = noted(key.holders, to);
  }

  presented(ticket: Ticket, frame: number, by: string): void {
    const key = this.keyOf(ticket);
    if (!key) return;
    key.presented ??= frame;
    key.holders = noted(key.holders, by);
  }

  /** The first of each kind is kept: it is what a later one is held against. */
  answered(ticket: Ticket, how: "accepted" | "refused", shown: Shown): void {
    const key = this.keyOf(ticket);
    if (!key) return;
    key[how] ??= shown;
    if (how === "accepted") key.lastAccepted = shown.frame;
  }

  /** Keys of the same service that this server accepted instead: after the last time that it took this one, if it did. */
  acceptedInstead(ticket: Ticket, server: string): readonly ServiceKey[] {
    const keys = this.serviceOf(ticket)?.keys ?? NONE;
    if (keys.length < 2) return NONE;
    const last = keys.find((key) => isKeyOf(key, ticket))?.lastAccepted ?? 0;
    return keys.filter((key) => !isKeyOf(key, ticket) && key.accepted?.at === server && (key.lastAccepted ?? 0) > last);
  }

  list(): ServiceKeys[] {
    return [...this.services.values()];
  }

  private keyOf(ticket: Ticket): ServiceKey | null {
    const service = this.serviceOf(ticket) ?? this.open(ticket);
    if (service === null) return null;
    for (const key of service.keys) if (isKeyOf(key, ticket)) return key;
    return added(service, ticket);
  }

  private serviceOf({ sname, realm }: Ticket): ServiceKeys | null {
    for (const service of this.spelled.get(sname) ?? NONE) if (service.realm === realm) return service;
    return this.services.get(nameOf(sname, realm)) ?? null;
  }

  private open(ticket: Ticket): ServiceKeys | null {
    if (this.services.size >= limits.servicesCompared) {
      this.overflow++;
      return null;
    }
    const { sname, realm } = ticket;
    const service = { sname, realm, keys: [] };
    this.services.set(nameOf(sname, realm), service);
    const alike = this.spelled.get(sname);
    if (alike) alike.push(service);
    else this.spelled.set(sname, [service]);
    return service;
  }
}

/** Windows compares names without regard to case, and realms are domains. */
function nameOf(sname: string, realm: string): string {
  return `${sname}@${realm}`.toLowerCase();
}

function isKeyOf(key: ServiceKey, { etype, kvno }: Ticket): boolean {
  return key.etype === etype && key.kvno === kvno;
}

function added(service: ServiceKeys, { etype, kvno }: Ticket): ServiceKey | null {
  if (service.keys.length >= limits.keysPerService) return null;
  const key: ServiceKey = {
    etype,
    kvno,
    firstIssued: null,
    lastIssued: null,
    despiteAes: false,
    presented: null,
    kdcs: [],
    holders: [],
    accepted: null,
    lastAccepted: null,
    refused: null,
  };
  service.keys = grown(service.keys, key);
  return key;
}

function noted(hosts: string[], host: string): string[] {
  return hosts.length < limits.hostsPerKey && !hosts.includes(host) ? hosts.concat(host) : hosts;
}
