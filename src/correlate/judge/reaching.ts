import type { NeighbourSilence } from "../../model/connection.ts";
import { secondsBetween } from "../../model/time.ts";
import { type Around, waitedSince } from "../around.ts";
import type { Case } from "../case.ts";
import { isFormOf } from "../case.ts";
import type { DnsLookup, Seen } from "../evidence.ts";
import type { Judgement } from "./judgement.ts";
import { diverged, incomplete } from "./judgement.ts";
import { wentOnAtOnce } from "./silence.ts";

/** Step 3 of a service to which no connection came about. */
export function judgeConnecting(c: Case): Judgement {
  if (mayHaveConnected(c)) return incomplete("cut", "unknown");
  const refused =
    c.failures.some((f) => f.how === "refused") ||
    c.unreachable.length > 0 ||
    c.silences.some((s) => isGivenUp(s, c.around));
  if (refused || c.failures.some((f) => f.frames.length > 1)) return diverged(3, { what: "not-connected" }, "none");
  const waited = c.failures.some((f) => waitedSince(f.firstTime, c.around));
  return incomplete(waited ? "not-repeated" : "ended-early", "none");
}

/** At an address of the host, if all are known, somebody was heard whose words the snap length cut. */
function mayHaveConnected({ host, address, port, lookups, naming, failures, around }: Case): boolean {
  if (around.isLoginUnread && lookups.some(({ response }) => response?.message.cut)) return true;
  const tried = port ?? failures[0]?.server.port ?? null;
  const addresses = host === null ? new Set<string>() : naming.addressesOf(host);
  return (address !== null && around.mayHide(address, tried)) || [...addresses].some((x) => around.mayHide(x, tried));
}

/** No system asks for a neighbour more than three times; after fewer the next address may be tried. */
function isGivenUp({ frames, firstTime }: NeighbourSilence, around: Around): boolean {
  return frames.length > 2 || waitedSince(firstTime, around);
}

/** Step 2 of a service of which only look-ups are in the capture. */
export function judgeNames(c: Case): Judgement {
  const failed = c.lookups.filter((lookup) => isFormOf(lookup.name, c.host ?? ""));
  if (failed.some((lookup) => lookup.response?.message.cut)) return incomplete("cut", "unknown");
  if (failed.some(broughtAddress)) return incomplete("names-only", "unknown");
  const open = failed.filter((lookup) => lookup.response === null && lookup.unreachable === null);
  if (open.some((lookup) => isAnsweredUnseen(lookup, failed, c))) return incomplete("not-repeated", "unknown");
  if (open.length < failed.length || open.some((x) => isAskedAgain(x, failed) && waitedSince(x.time, c.around))) {
    return diverged(2, { what: "not-resolved" }, "none");
  }
  return incomplete(open.some((x) => waitedSince(x.time, c.around)) ? "not-repeated" : "ended-early", "none");
}

function broughtAddress(lookup: DnsLookup): boolean {
  const response = lookup.response?.message;
  if (!response || response.truncated) return false;
  return response.answers.some((answer) => answer.type === "A" || answer.type === "AAAA");
}

/** Asked once, while the same server answered the other questions, or the client went on as one who has the answer. */
function isAnsweredUnseen(lookup: DnsLookup, failed: readonly DnsLookup[], c: Case): boolean {
  if (isAskedAgain(lookup, failed)) return false;
  const isOfName = (x: Seen) => failed.some((other) => other === x);
  const answers = failed.some(({ server, response }) => server === lookup.server && response !== null);
  return answers || wentOnAtOnce(lookup, c.evidence, isOfName);
}

/** Who waits in vain asks the same again after a while; at once does so who has an answer that helps nothing. */
function isAskedAgain(lookup: DnsLookup, failed: readonly DnsLookup[]): boolean {
  const same = failed.filter(({ name, type }) => name === lookup.name && type === lookup.type);
  const times = same.flatMap(({ queries }) => queries.map(({ time }) => time));
  return times.some((time) => secondsBetween(lookup.time, time) >= IMPATIENCE_SECONDS);
}

/** No resolver asks again sooner: Windows after a second, others after five. */
const IMPATIENCE_SECONDS = 0.9;
