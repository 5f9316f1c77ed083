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
export type EventFields = { readonly [name: string]: string | number };

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

/** What the log entry is about: the frame that made it happen, and the host on which. */
export interface Happening {
  readonly kind: EventKind;
  readonly host: string;
  readonly seen: Observation;
  readonly fields: EventFields;
  /** In place of the kind's own. */
  readonly id?: number | string;
}

/** The entries that the logs of KDC, service and client should have of a story, in order of time. */
export function eventsOf(story: Story): readonly ExpectedEvent[] {
  const happenings = [...kdcEvents(story), ...serviceEvents(story)];
  if (happenings.length === 0) return NONE;
  happenings.sort((a, b) => a.seen.frame - b.seen.frame);
  return shortened(happenings).map(entryOf);
}

const NONE: readonly never[] = [];
const HALF = limits.eventsPerSequence / 2;

/** The first and the last. */
function shortened(happenings: readonly Happening[]): readonly Happening[] {
  if (happenings.length <= limits.eventsPerSequence) return happenings;
  return [...happenings.slice(0, HALF), ...happenings.slice(-HALF)];
}

function entryOf({ kind, host, seen: { time, frame }, fields, id }: Happening): ExpectedEvent {
  const known = eventKinds[kind];
  return { host, log: known.log, id: id ?? known.id, at: isoTime(time), frame, fields };
}

/** A host by the name that the capture gives it. */
export function hostNamed({ naming }: Story, address: string): string {
  for (const name of naming.namesOf(address)) return name;
  return address;
}

/** Fields with those left out of which nothing is known. */
export function knownFields(fields: { readonly [name: string]: string | number | null | undefined }): EventFields {
  const known: { [name: string]: string | number } = {};
  for (const [name, value] of Object.entries(fields)) if (value != null && value !== "") known[name] = value;
  return known;
}
