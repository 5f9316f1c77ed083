import type { DnsMessage } from "../../dissectors/dns/message.ts";
import { limits } from "../bytes/limits.ts";
import type { Unreachable } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { Client } from "./client.ts";
import type { DnsLookup } from "./evidence.ts";
import { readLocatorName } from "./locator-names.ts";
import { hostOf } from "./names.ts";
import { type Growing, grown, lastOf } from "./order.ts";

/** A question of the client, new or asked again. */
export function takeQuery(client: Client, query: Observation<DnsMessage>): void {
  const question = query.message.questions[0];
  if (!question) return;
  const open = lookupOf(client.dns, query, query.dst, query.sport);
  if (open && open.response === null) {
    if (open.queries.length < limits.framesPerStep) open.queries.push(query);
    return;
  }
  const lookup = newLookup(query, question, query.dst, query.sport, [query], null);
  // A look-up of such a name says that somebody looks for a domain controller, and nothing else.
  if (question.type === "SRV" && lookup.locator?.isPlain === false) client.hasEvidence = true;
  client.dns = grown(client.dns, lookup);
}

/** The look-ups of a client with a response to one of them, or to one that the capture does not hold. */
export function takeResponse(lookups: Growing<DnsLookup>, response: Observation<DnsMessage>): Growing<DnsLookup> {
  const open = lookupOf(lookups, response, response.src, response.dport);
  if (open) {
    if (response.message.truncated) open.truncated = true;
    if (open.response === null || open.response.message.truncated) open.response = response;
    return lookups;
  }
  const question = response.message.questions[0];
  if (!question) return lookups;
  return grown(lookups, newLookup(response, question, response.src, response.dport, [], response));
}

/** An ICMP error about a question. */
export function rejectQuery(lookups: readonly DnsLookup[], error: Unreachable): void {
  const { dst, src } = error;
  const lookup = lastOf(lookups, (x) => x.server === dst.address && x.queries.at(-1)?.sport === src.port);
  if (lookup && lookup.response === null) lookup.unreachable = error;
}

/** The look-up of which the server was asked, or that it answers. */
function lookupOf(
  lookups: readonly DnsLookup[],
  o: Observation<DnsMessage>,
  server: string,
  clientPort: number,
): DnsLookup | undefined {
  return lastOf(lookups, (lookup) => isSameLookup(lookup, o, server, clientPort));
}

function isSameLookup(lookup: DnsLookup, { message }: Observation<DnsMessage>, server: string, port: number): boolean {
  if (lookup.id !== message.id || lookup.port !== port || lookup.server !== server) return false;
  const question = message.questions[0];
  return question?.type === lookup.type && hostOf(question.name) === lookup.name;
}

function newLookup(
  { frame, time, message }: Observation<DnsMessage>,
  question: DnsMessage["questions"][number],
  server: string,
  port: number,
  queries: Observation<DnsMessage>[],
  response: Observation<DnsMessage> | null,
): DnsLookup {
  const name = hostOf(question.name);
  return {
    frame,
    time,
    name,
    locator: readLocatorName(name),
    type: question.type,
    server,
    port,
    id: message.id,
    queries,
    response,
    unreachable: null,
    truncated: response?.message.truncated === true,
  };
}
