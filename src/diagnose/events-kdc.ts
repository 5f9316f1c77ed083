import type { AsReq, KrbError, TgsReq } from "../../dissectors/kerberos/message.ts";
import type { KdcExchange } from "../correlate/evidence.ts";
import type { Quest } from "../correlate/quests.ts";
import { isRound } from "../correlate/signons.ts";
import type { Story } from "../correlate/story.ts";
import type { Observation } from "../model/observation.ts";
import { delegationOf } from "./delegation.ts";
import { type EventKind, type Happening, hostNamed, knownFields } from "./events.ts";

/** What KDCs should have logged of a story's sign-on and tickets. */
export function kdcEvents(story: Story): Happening[] {
  const signOn = story.kind === "sign-on" || story.why?.what === "no-tgs-req" ? story.signOn : null;
  // Of a login, the sign-on that failed; one that went well is a sequence of its own.
  const asked = story.kind === "sign-on" || signOn?.error ? (signOn?.exchanges ?? []) : [];
  return [
    ...asked.flatMap((x) => signOnEvents(x, story)),
    ...story.quests.flatMap((quest) => quest.exchanges.flatMap((x) => ticketEvents(x, quest, story))),
  ];
}

/** Of these codes event 4771 tells, of all others 4768: pre-authentication that was wrong, expired or not supported. */
const PREAUTH_CODES: readonly number[] = [16, 23, 24];
const ETYPE_NOSUPP = 14;
const NOT_UNIQUE = 8;
const UNMAPPED: readonly number[] = [66, 75];

function signOnEvents(x: KdcExchange, story: Story): Happening[] {
  const { reply, request } = x;
  if (!reply || !request) return [];
  const error = refusalOf(x);
  if (reply.message.kind === "KRB-ERROR" && !error) return [];
  const message = request.message;
  const kind = error && PREAUTH_CODES.includes(error.errorCode) ? "preauthFailed" : "tgtAsked";
  const fields = knownFields({
    TargetUserName: message.cname,
    TargetDomainName: message.realm,
    ServiceName: message.sname,
    ...outcome(x, error),
    PreAuthType: provesBy(message),
    ...from(request),
  });
  const at = { host: hostNamed(story, x.kdc), seen: reply };
  return [{ kind, fields, ...at }, ...systemEvents(error, "noKeyForUser", at, { TargetUserName: message.cname })];
}

function ticketEvents(x: KdcExchange, quest: Quest, story: Story): Happening[] {
  const { reply, request } = x;
  if (!reply || request?.message.kind !== "TGS-REQ") return [];
  const error = refusalOf(x);
  if (reply.message.kind === "KRB-ERROR" && !error) return [];
  const user = reply.message.cname ?? (reply.message.kind === "TGS-REP" ? null : story.client.user);
  const realm = reply.message.crealm ?? story.client.realm;
  const { sname } = request.message;
  const fields = knownFields({
    TargetUserName: user && realm ? `${user}@${realm}` : user,
    ServiceName: error ? sname : `(the account of ${sname})`,
    ...outcome(x, error),
    TransmittedServices: isProxied(request.message) && !error ? delegationOf(story)?.by : null,
    ...from(request),
  });
  const at = { host: hostNamed(story, x.kdc), seen: reply };
  return [
    { kind: "ticketAsked", fields, ...at },
    ...systemEvents(error, "noKeyForService", at, { ServiceName: quest.sname }),
  ];
}

/** What the system's own log says beside the audit. */
function systemEvents(
  error: KrbError | null,
  noKey: EventKind,
  at: Pick<Happening, "host" | "seen">,
  about: { readonly [name: string]: string | null },
): Happening[] {
  if (!error) return [];
  const code = error.errorCode;
  const kind =
    code === ETYPE_NOSUPP
      ? noKey
      : code === NOT_UNIQUE
        ? "duplicateName"
        : UNMAPPED.includes(code)
          ? "certificateUnmapped"
          : null;
  return kind === null ? [] : [{ kind, fields: knownFields(about), ...at }];
}

/** A refusal that is logged: the rounds of a sign-on, and what is said again over TCP, are not. */
function refusalOf({ reply }: KdcExchange): KrbError | null {
  const message = reply?.message;
  return message?.kind === "KRB-ERROR" && !isRound(message.errorCode) ? message : null;
}

function outcome({ reply, request }: KdcExchange, error: KrbError | null) {
  const message = reply?.message;
  return {
    Status: hex(error?.errorCode ?? 0),
    TicketOptions: request ? hex(request.message.kdcOptions >>> 0) : null,
    TicketEncryptionType: message && message.kind !== "KRB-ERROR" ? hex(message.ticket.etype >>> 0) : null,
  };
}

const hex = (number: number) => `0x${number.toString(16)}`;

/** PA-ENC-TIMESTAMP, PA-PK-AS-REQ, PA-ENCRYPTED-CHALLENGE. */
const PROOFS: readonly number[] = [2, 16, 138];

function provesBy({ padata }: AsReq | TgsReq): number {
  return PROOFS.find((type) => padata.includes(type)) ?? 0;
}

const isProxied = ({ additionalTickets }: TgsReq) => additionalTickets.length > 0;

/** IPv4 addresses stand in the log as IPv6 maps them. */
function from({ src, sport }: Observation) {
  return { IpAddress: src.includes(":") ? src : `::ffff:${src}`, IpPort: sport };
}
