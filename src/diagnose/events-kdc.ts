import type { AsReq, KrbError, TgsReq } from "../../dissectors/kerberos/message.ts";
import { Slots } from "../bytes/slots.ts";
import type { KdcExchange } from "../correlate/evidence.ts";
import type { Quest } from "../correlate/quests.ts";
import { isRound } from "../correlate/signons.ts";
import type { Story } from "../correlate/story.ts";
import { delegationOf } from "./delegation.ts";
import { type EventKind, type ExpectedEvent, eventOf, hostNamed, known } from "./events.ts";

type KdcReply = NonNullable<KdcExchange["reply"]>["message"];

/** What KDCs should have logged of a story's sign-on and tickets. */
export function kdcEvents(story: Story, into: ExpectedEvent[]): void {
  for (const x of signOnAsked(story)) signOnEvents(x, story, into);
  for (const quest of story.quests) for (const x of quest.exchanges) ticketEvents(x, quest, story, into);
}

/** Of a login, the sign-on that failed; one that went well is a sequence of its own. */
function signOnAsked({ kind, why, signOn }: Story): readonly KdcExchange[] {
  if (signOn === null) return NONE;
  if (kind === "sign-on") return signOn.exchanges;
  return why?.what === "no-tgs-req" && signOn.error ? signOn.exchanges : NONE;
}

const NONE: readonly never[] = [];

/** Of these codes event 4771 tells, of all others 4768: pre-authentication that was wrong, expired or not supported. */
const PREAUTH_CODES: readonly number[] = [16, 23, 24];
const ETYPE_NOSUPP = 14;
const NOT_UNIQUE = 8;
const UNMAPPED: readonly number[] = [66, 75];

function signOnEvents(x: KdcExchange, story: Story, into: ExpectedEvent[]): void {
  const { reply, request } = x;
  if (!reply || !request) return;
  const error = refusalOf(x);
  if (reply.message.kind === "KRB-ERROR" && !error) return;
  const { message } = request;
  const host = hostNamed(story, x.kdc);
  const fields = {
    TargetUserName: known(message.cname),
    TargetDomainName: known(message.realm),
    ServiceName: known(message.sname),
    Status: hex(error?.errorCode ?? 0),
    TicketOptions: hex(message.kdcOptions >>> 0),
    TicketEncryptionType: issuedType(reply.message),
    PreAuthType: provesBy(message),
    IpAddress: mapped(request.src),
    IpPort: request.sport,
  };
  const isPreauth = error !== null && PREAUTH_CODES.includes(error.errorCode);
  into.push(eventOf(isPreauth ? "preauthFailed" : "tgtAsked", host, reply, fields));
  const kind = error && systemKind(error, "noKeyForUser");
  if (kind) into.push(eventOf(kind, host, reply, { TargetUserName: known(message.cname) }));
}

function ticketEvents(x: KdcExchange, quest: Quest, story: Story, into: ExpectedEvent[]): void {
  const { reply, request } = x;
  if (!reply || request?.message.kind !== "TGS-REQ") return;
  const error = refusalOf(x);
  if (reply.message.kind === "KRB-ERROR" && !error) return;
  const { sname, kdcOptions, additionalTickets } = request.message;
  const host = hostNamed(story, x.kdc);
  const isProxied = additionalTickets.length > 0 && !error;
  const fields = {
    TargetUserName: known(userOf(reply.message, story)),
    ServiceName: known(error ? sname : `(the account of ${sname})`),
    Status: hex(error?.errorCode ?? 0),
    TicketOptions: hex(kdcOptions >>> 0),
    TicketEncryptionType: issuedType(reply.message),
    TransmittedServices: known(isProxied ? delegationOf(story)?.by : null),
    IpAddress: mapped(request.src),
    IpPort: request.sport,
  };
  into.push(eventOf("ticketAsked", host, reply, fields));
  const kind = error && systemKind(error, "noKeyForService");
  if (kind) into.push(eventOf(kind, host, reply, { ServiceName: known(quest.sname) }));
}

function userOf({ kind, cname, crealm }: KdcReply, { client }: Story): string | null | undefined {
  const user = cname ?? (kind === "TGS-REP" ? null : client.user);
  const realm = crealm ?? client.realm;
  return user && realm ? `${user}@${realm}` : user;
}

/** What the system's own log says beside the audit. */
function systemKind({ errorCode }: KrbError, noKey: EventKind): EventKind | null {
  if (errorCode === ETYPE_NOSUPP) return noKey;
  if (errorCode === NOT_UNIQUE) return "duplicateName";
  return UNMAPPED.includes(errorCode) ? "certificateUnmapped" : null;
}

/** A refusal that is logged: the rounds of a sign-on, and what is said again over TCP, are not. */
function refusalOf({ reply }: KdcExchange): KrbError | null {
  const message = reply?.message;
  return message?.kind === "KRB-ERROR" && !isRound(message.errorCode) ? message : null;
}

function issuedType(message: KdcReply): string | undefined {
  return message.kind === "KRB-ERROR" ? undefined : hex(message.ticket.etype >>> 0);
}

const texts = new Slots((number) => `0x${number.toString(16)}`);
const hex = (number: number): string => texts.of(number);

/** PA-ENC-TIMESTAMP, PA-PK-AS-REQ, PA-ENCRYPTED-CHALLENGE. */
const PROOFS: readonly number[] = [2, 16, 138];

function provesBy({ padata }: AsReq | TgsReq): number {
  for (const type of PROOFS) if (padata.includes(type)) return type;
  return 0;
}

/** IPv4 addresses stand in the log as IPv6 maps them. */
function mapped(address: string): string {
  return address.includes(":") ? address : `::ffff:${address}`;
}
