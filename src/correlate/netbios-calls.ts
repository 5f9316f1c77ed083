import type { NbdgmMessage, NbnsMessage } from "../../dissectors/netbios/message.ts";
import { limits } from "../bytes/limits.ts";
import type { Observation } from "../model/observation.ts";
import type { Seen } from "./evidence.ts";
import { type Growing, grown, lastOf } from "./order.ts";

/** One NetBIOS name of a domain for which a client asked the name service or, by mailslot, the controllers. */
export interface NetbiosCall extends Seen {
  /** As sent: `CONTOSO`. */
  readonly domain: string;
  readonly by: "nbns" | "mailslot";
  readonly queries: Observation<NbnsMessage | NbdgmMessage>[];
  answer: Observation<NbnsMessage | NbdgmMessage> | null;
}

/** `domainMaster` (the PDC) and `domainControllers` of MS-NBTE 2.2. */
const DC_SUFFIXES: readonly number[] = [0x1b, 0x1c];
const QUERY = 0;
/** MS-ADTS 6.3.1.3: LOGON_PRIMARY_QUERY and LOGON_SAM_LOGON_REQUEST; what answers them. */
const REQUESTS: readonly number[] = [7, 18];
const ANSWERS: readonly number[] = [12, 19, 20, 21, 23, 24, 25];

/** Whether a message looks for a domain controller or answers such a question; the rest of NetBIOS is noise here. */
export function isNetbiosCall({ message }: Observation<NbnsMessage | NbdgmMessage>): boolean {
  if (message.protocol === "nbns") return message.opcode === QUERY && DC_SUFFIXES.includes(message.name.suffix);
  return message.opcode !== null && (isRequest(message) || ANSWERS.includes(message.opcode));
}

function isRequest({ opcode, destination }: NbdgmMessage): boolean {
  return opcode !== null && REQUESTS.includes(opcode) && DC_SUFFIXES.includes(destination.suffix);
}

/** The side that looks for a domain controller. */
export function callerOf(o: Observation<NbnsMessage | NbdgmMessage>): string {
  const asks = o.message.protocol === "nbns" ? o.message.kind === "query" : isRequest(o.message);
  return asks ? o.src : o.dst;
}

/** The calls of a client with a message for which `isNetbiosCall` holds. */
export function takeNetbios(
  calls: Growing<NetbiosCall>,
  o: Observation<NbnsMessage | NbdgmMessage>,
): Growing<NetbiosCall> {
  const { message } = o;
  const by = message.protocol === "nbns" ? "nbns" : "mailslot";
  const domain = message.protocol === "nbns" ? message.name.text : isRequest(message) ? message.destination.text : null;
  // The answer by mailslot goes to the client's own name and does not say for which domain it is.
  const open = lastOf(
    calls,
    (call) => call.by === by && call.answer === null && (domain ?? call.domain) === call.domain,
  );
  if (callerOf(o) === o.src) {
    if (!open) return grown(calls, newCall(o, domain ?? "", by));
    if (open.queries.length < limits.framesPerStep) open.queries.push(o);
  } else if (open && isPositive(message)) open.answer = o;
  return calls;
}

function newCall(o: NetbiosCall["queries"][number], domain: string, by: NetbiosCall["by"]): NetbiosCall {
  return { frame: o.frame, time: o.time, domain, by, queries: [o], answer: null };
}

/** A negative answer of one name server leaves the question open: broadcast or another server may do better. */
function isPositive(message: NbnsMessage | NbdgmMessage): boolean {
  return message.protocol === "nbdgm" || (message.rcode === 0 && message.addresses.length > 0);
}
