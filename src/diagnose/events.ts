import { limits } from "../bytes/limits.ts";
import type { Story } from "../correlate/story.ts";
import type { Observation } from "../model/observation.ts";
import { isoTime } from "../model/time.ts";
import { kdcEvents } from "./events-kdc.ts";
import { serviceEvents } from "./events-service.ts";

/** An entry that a host's log should have of what the packets show; `fields` are called as in the log. */
export interface ExpectedEvent {
  /** Its name where the capture knows one, else its address. */
  readonly host: string;
  readonly log: string;
  readonly id: number | string;
  /** Of the frame that made it happen, by the capture's clock. */
  readonly at: string;
  readonly frame: number;
  readonly fields: EventFields;
}
/** Those of which nothing is known are absent or undefined. */
export type EventFields = { readonly [name: string]: string | number | undefined };

/**
 * Every kind of entry, by what happens. Names and numbers are those of Windows: what another system logs of the same,
 * it words in its own way.
 */
export const eventKinds = {
  tgtAsked: { log: "Security", id: 4768 },
  preauthFailed: { log: "Security", id: 4771 },
  ticketAsked: { log: "Security", id: 4769 },
  credentialsChecked: { log: "Security", id: 4776 },
  loggedOn: { log: "Security", id: 4624 },
  logonFailed: { log: "Security", id: 4625 },
  noKeyForUser: { log: "System, Kerberos-Key-Distribution-Center", id: "14 or 26" },
  noKeyForService: { log: "System, Kerberos-Key-Distribution-Center", id: "16 or 27" },
  duplicateName: { log: "System, Kerberos-Key-Distribution-Center", id: 11 },
  certificateUnmapped: { log: "System, Kerberos-Key-Distribution-Center", id: "39, 40 or 41" },
  ticketNotDecrypted: { log: "System, Security-Kerberos", id: 4 },
  noController: { log: "System, NETLOGON", id: 5719 },
  bindUnsigned: { log: "Directory Service", id: 2889 },
  bindUnbound: { log: "Directory Service", id: 3039 },
  sqlRefused: { log: "ERRORLOG of SQL Server", id: 18456 },
  webLog: { log: "IIS log", id: 401 },
  httpSys: { log: "HTTPERR of http.sys", id: 400 },
} as const;
export type EventKind = keyof typeof eventKinds;

/** The entries that the logs of KDC, service and client should have of a story, in order of time. */
export function eventsOf(story: Story): readonly ExpectedEvent[] {
  const events: ExpectedEvent[] = [];
  kdcEvents(story, events);
  serviceEvents(story, events);
  if (!isInOrder(events)) events.sort((a, b) => a.frame - b.frame);
  return events.length > limits.eventsPerSequence ? [...events.slice(0, HALF), ...events.slice(-HALF)] : events;
}

/** The first and the last are kept. */
const HALF = limits.eventsPerSequence / 2;

function isInOrder(events: readonly ExpectedEvent[]): boolean {
  let before = 0;
  for (const { frame } of events) {
    if (frame < before) return false;
    before = frame;
  }
  return true;
}

/** What happened on a host, with the frame that made it happen; `id` in place of the kind's own. */
export function eventOf(
  kind: EventKind,
  host: string,
  { time, frame }: Observation,
  fields: EventFields,
  id: number | string = eventKinds[kind].id,
): ExpectedEvent {
  return { host, log: eventKinds[kind].log, id, at: isoTime(time), frame, fields };
}

/** A host by the name that the capture gives it. */
export function hostNamed({ naming }: Story, address: string): string {
  return naming.nameOf(address) ?? address;
}

/** The value of a field; absent where nothing is known of it. */
export function known<T extends string | number>(value: T | null | undefined): T | undefined {
  return value === null || value === "" ? undefined : value;
}
