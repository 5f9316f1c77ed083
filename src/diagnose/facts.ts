import { ntStatusName } from "../../dissectors/erref/codes.ts";
import type { AuthHeader, HttpResponse } from "../../dissectors/http/message.ts";
import { etypeName, flagNames, kdcOptionNames } from "../../dissectors/kerberos/codes.ts";
import type { AsReq, TgsReq } from "../../dissectors/kerberos/message.ts";
import { dcFlagNames } from "../../dissectors/ldap/codes.ts";
import type { CldapEntry, LdapMessage } from "../../dissectors/ldap/message.ts";
import type { Message } from "../../dissectors/registry.ts";
import { Slots } from "../bytes/slots.ts";
import type { PingedDc } from "../correlate/locator-fates.ts";
import type { DcPing } from "../correlate/locator-pings.ts";
import { inOrder } from "../correlate/order.ts";
import type { Story } from "../correlate/story.ts";
import type { TokenUse } from "../correlate/uses.ts";
import type { Facts } from "../model/report.ts";
import { type Delegation, delegationOf } from "./delegation.ts";
import { actsFor } from "./double-hop.ts";
import { eventsOf } from "./events.ts";
import { ntlmReason } from "./ntlm-reason.ts";
import { nameFacts } from "./service-names.ts";
import { holds } from "./subjects.ts";
import { ticketFacts, ticketTrails } from "./ticket-facts.ts";
import { sizeFacts } from "./token-sizes.ts";

/** What a step's message says, for programs: names, numbers and lists in the field's words. */
export function factsOf(message: Message): Facts {
  switch (message.protocol) {
    case "dns":
      return message.kind === "query"
        ? { name: message.questions[0]?.name, type: message.questions[0]?.type }
        : { rcode: message.rcode, answers: message.answers };
    case "http":
      return message.kind === "request"
        ? { method: message.method, target: message.target, tokenLength: tokenLength(message) }
        : { status: message.status, challenges: schemesOf(message) };
    case "ldap":
      return ldapFacts(message);
    case "smb2":
    case "smb":
      return smbFacts(message);
    case "kerberos":
      return kerberosFacts(message);
    case "cldap":
      return cldapFacts(message);
    default:
      return NOTHING;
  }
}

export const NOTHING: Facts = {};

function schemesOf({ challenges, proxyChallenges }: HttpResponse): readonly string[] {
  const schemes = challenges.map(schemeOf);
  return proxyChallenges.length === 0 ? schemes : [...schemes, ...proxyChallenges.map(schemeOf)];
}

const schemeOf = ({ scheme }: AuthHeader) => scheme;

function ldapFacts(message: LdapMessage): Facts {
  switch (message.kind) {
    case "bind-request":
      return { mechanism: message.anonymous ? "anonymous" : message.mechanism, name: message.name };
    case "root-entry":
      return { saslMechanisms: message.saslMechanisms };
    case "bind-response":
    case "search-done":
      return { resultCode: message.resultCode, diagnostic: message.diagnostic };
    default:
      return {};
  }
}

function smbFacts(message: Extract<Message, { protocol: "smb2" | "smb" }>): Facts {
  const said = "ntStatus" in message ? { ntStatus: ntStatusName(message.ntStatus) } : {};
  switch (message.kind) {
    case "NEGOTIATE request":
      return { dialects: message.dialects };
    case "NEGOTIATE response":
      return { ...said, systemTime: message.systemTime };
    case "SESSION_SETUP request":
    case "SESSION_SETUP response":
      return { ...said, tokenLength: message.tokenLength };
    case "TREE_CONNECT request":
      return { path: message.path };
    default:
      return said;
  }
}

function tokenLength(message: Extract<Message, { kind: "request"; protocol: "http" }>): number {
  return message.authorization?.tokenLength ?? message.proxyAuthorization?.tokenLength ?? 0;
}

function kerberosFacts(message: Extract<Message, { protocol: "kerberos" }>): Facts {
  switch (message.kind) {
    case "AS-REQ":
    case "TGS-REQ":
      return requestFacts(message);
    case "AS-REP":
    case "TGS-REP":
      return { cname: message.cname, crealm: message.crealm, ticket: ticketFacts(message.ticket) };
    case "KRB-ERROR":
      return { errorCode: message.errorCode, errorName: message.errorName, stime: message.stime };
    default:
      return NOTHING;
  }
}

function requestFacts({ realm, sname, etypes, kdcOptions, forUser }: AsReq | TgsReq): Facts {
  const facts = { realm, sname, etypes: etypes.map(etypeName), kdcOptions: optionNames.of(kdcOptions) };
  return forUser ? { ...facts, forUser } : facts;
}

const optionNames = new Slots((options) => flagNames(options, kdcOptionNames));

function cldapFacts(message: Extract<Message, { protocol: "cldap" }>): Facts {
  switch (message.kind) {
    case "search":
      return { dnsDomain: message.dnsDomain, host: message.host, user: message.user, ntVer: message.ntVer };
    case "entry":
      return dcFacts(message);
    default:
      return { resultCode: message.resultCode };
  }
}

/** What a domain controller says of itself and of the client's place. */
function dcFacts({ opcode, flags, forest, domain, dc, dcSite, clientSite }: CldapEntry): Facts {
  return { opcode, flags: flagsOf(flags), forest, domain, dc, dcSite, clientSite };
}

function flagsOf(flags: number | null): readonly string[] | null {
  return flags === null ? null : dcFlagNames.of(flags);
}

/** Facts of a whole sequence: the tickets that were issued and presented in it, by fingerprint. */
export function factsOfStory(story: Story, subjects: number, backSequences: readonly string[]): Facts {
  const tickets = ticketTrails(story);
  const facts: { [name: string]: unknown } = {};
  const delegated = holds(subjects, "delegation") ? delegationOf(story) : null;
  if (delegated) Object.assign(facts, delegationFacts(delegated));
  if (story.front && actsFor(story)) facts["frontSequence"] = story.front.id;
  if (backSequences.length > 0) facts["backSequences"] = backSequences.slice(0, MOST_FRAMES);
  const why = holds(subjects, "ntlm") ? ntlmReason(story) : null;
  if (why) facts["ntlmReason"] = why.says;
  if (tickets.length > 0) facts["tickets"] = tickets;
  const names = nameFacts(story);
  if (names) facts["names"] = names;
  const sizes = sizeFacts(story);
  if (sizes) facts["sizes"] = sizes;
  if (story.uses.length > 0) facts["serviceLegs"] = story.uses.slice(0, MOST_FRAMES).map(useFacts);
  if (story.locator) facts["domainControllers"] = pingedFacts(story.locator.dcs);
  const events = eventsOf(story);
  if (events.length > 0) facts["events"] = events;
  return facts;
}

function delegationFacts({ protocol, kind, by, forUser }: Delegation): Facts {
  return {
    delegation: protocol,
    delegationKind: kind,
    ...(by === null ? {} : { delegatedBy: by }),
    ...(forUser === null ? {} : { delegatedFor: forUser }),
  };
}

function pingedFacts(dcs: readonly PingedDc[]): readonly Facts[] {
  return dcs.length > MOST_FRAMES ? dcs.slice(0, MOST_FRAMES).map(pingFacts) : dcs.map(pingFacts);
}

/** One domain controller that was pinged, what became of it, and its best answer. */
function pingFacts({ address, fate, pings }: PingedDc): Facts {
  const entry = pings.findLast(isAnswered)?.entry?.message;
  if (!entry) return { address, fate };
  const { opcode, flags, forest, domain, dc, dcSite, clientSite } = entry;
  return { address, fate, opcode, flags: flagsOf(flags), forest, domain, dc, dcSite, clientSite };
}

const isAnswered = ({ entry }: DcPing) => entry !== null;

/** What was presented over a protocol without a kind of sequence, and what came back. */
function useFacts({ protocol, connection, token, answer, code, request, response, frame }: TokenUse): Facts {
  const { address, port } = connection.server;
  const frames = inOrder([request?.frame ?? frame, ...(response ? [response.frame] : [])]);
  return { protocol, address, port, presented: token ?? "encrypted", answer, ...(code ? { code } : {}), frames };
}

const MOST_FRAMES = 32;
