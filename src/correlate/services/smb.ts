import { nt, ntStatusName } from "../../../dissectors/erref/codes.ts";
import type { Message } from "../../../dissectors/registry.ts";
import type { SmbMessage } from "../../../dissectors/smb/message.ts";
import type { Smb2Encrypted, Smb2Message } from "../../../dissectors/smb2/message.ts";
import type { Connection } from "../../model/connection.ts";
import type { Observation } from "../../model/observation.ts";
import type { Code, Outcome } from "../../model/report.ts";
import type { Answer, Attempt, Token } from "../attempts.ts";
import {
  apReqIn,
  couldHaveShown,
  isCompleted,
  isContinuation,
  isNtlm,
  krbErrorIn,
  mechanismOf,
  negTokenInit,
  ntlmUserIn,
} from "../attempts.ts";
import type { ServiceExchange } from "../evidence.ts";
import type { Leg } from "../legs.ts";
import { isSoonAfter, openingOf } from "../legs.ts";
import { hostOf, splitSpn } from "../names.ts";
import { NONE } from "../order.ts";
import type { Service } from "./service.ts";
import type { Session } from "./smb-sessions.ts";
import { proveByUse, sessionsOf } from "./smb-sessions.ts";

/** SMB of all versions: MS-SMB2 sections 3.2.4.2 and 3.3.5.5, MS-SMB section 3.2.4.2. */
export const smb: Service = {
  kind: "smb",
  protocols: ["smb", "smb2"],
  spnClasses: ["cifs", "host"],
  ports: [445],
  mayStartWithToken: false,
  namesItsHost: false,
  servesAnybody: false,
  sideOf: (message) => (isSmb(message) ? (message.kind.endsWith("request") ? "request" : "response") : null),
  isOfLogin: (message) => isKind(message, "NEGOTIATE") || isKind(message, "SESSION_SETUP"),
  showsLogin: (message) => isKind(message, "SESSION_SETUP"),
  isSuccess: (message) => isKind(message, "SESSION_SETUP") && statusOf(message) === nt.SUCCESS,
  isRefusal: (message) => isError(statusOf(message)),
  answeredBy,
  legsOf,
  isSameRequest: (one, other) =>
    one.request !== null &&
    one.request.message.kind === other.request?.message.kind &&
    one.connection.server.address === other.connection.server.address,
  repeatKeys: ({ connection }) => [connection.server.address],
  isRepeated,
};

type AnySmb = SmbMessage | Exclude<Smb2Message, Smb2Encrypted>;

function isSmb(message: Message): message is AnySmb {
  return (message.protocol === "smb2" && message.kind !== "encrypted") || message.protocol === "smb";
}

export function smbRequest({ request }: ServiceExchange): AnySmb | null {
  return request && isSmb(request.message) ? request.message : null;
}

export function smbResponse({ response }: ServiceExchange): AnySmb | null {
  return response && isSmb(response.message) ? response.message : null;
}

function isKind(message: Message | undefined, command: string): boolean {
  return message !== undefined && isSmb(message) && message.kind.startsWith(command);
}

function statusOf(message: Message | null): number | null {
  return message && isSmb(message) && "ntStatus" in message ? message.ntStatus : null;
}

/** An NTSTATUS of severity error that is no request to go on. */
function isError(status: number | null): boolean {
  return status !== null && status >= 0xc000_0000 && status !== nt.MORE_PROCESSING_REQUIRED;
}

/** By MessageId; an SMB1 NEGOTIATE may have an answer of SMB2, which numbers anew (MS-SMB2 section 3.3.5.3.1). */
function answeredBy(response: Observation, waiting: readonly ServiceExchange[]): ServiceExchange | null {
  const { message } = response;
  if (!isSmb(message)) return null;
  const command = message.kind.replace("response", "request");
  const same = waiting.filter((x) => x.request?.message.kind === command);
  if (command.startsWith("NEGOTIATE")) return same[0] ?? null;
  return same.find((x) => smbRequest(x)?.messageId === message.messageId) ?? null;
}

/** One leg for each session of the connection; what opened the connection belongs to all of them. */
function legsOf(connection: Connection, exchanges: readonly ServiceExchange[]): Leg[] {
  const of = (command: string) =>
    exchanges.filter(({ request, response }) => isKind(request?.message ?? response?.message, command));
  const opening = of("NEGOTIATE").map(readNegotiate).map(superseded);
  const uses = [...of("TREE_CONNECT"), ...of("ERROR")];
  const sessions = sessionsOf(of("SESSION_SETUP").map(readSetup));
  if (sessions.length === 0) return opening.length === 0 ? [] : [legOf(connection, opening, null, [])];
  return sessions.map((session) => {
    const own = uses.filter((use) => isOfSession(use, session, sessions));
    const first = session.attempts[0]?.exchange.frame ?? 0;
    const before = opening.filter(({ exchange }) => exchange.frame < first);
    return legOf(connection, [...before, ...proveByUse(session.attempts, own)], session, own);
  });
}

/** An answer after which the client negotiated again (SMB1, then SMB2) was no offer yet. */
function superseded(attempt: Attempt, at: number, all: readonly Attempt[]): Attempt {
  if (at === all.length - 1 || attempt.answer !== "challenge") return attempt;
  return { ...attempt, answer: "continue", offers: [], offersKerberos: false };
}

/** A use of a session that no answer in the capture has given its number belongs to the only session without one. */
function isOfSession(use: ServiceExchange, session: Session, sessions: readonly Session[]): boolean {
  const id = (smbRequest(use) ?? smbResponse(use))?.sessionId ?? "";
  if (session.ids.has(id)) return true;
  return session.ids.size === 0 && sessions.every((other) => !other.ids.has(id));
}

function legOf(
  connection: Connection,
  attempts: readonly Attempt[],
  session: Session | null,
  uses: readonly ServiceExchange[],
): Leg {
  const exchanges = attempts.map(({ exchange }) => exchange);
  const names = [...exchanges, ...uses].flatMap(namesIn);
  const ids = [...(session?.ids ?? [])];
  const isBound = exchanges.some((x) => {
    const request = smbRequest(x);
    return request?.kind === "SESSION_SETUP request" && request.protocol === "smb2" && request.isBinding;
  });
  const { frame, time } = openingOf(connection, exchanges);
  return {
    service: smb,
    kind: "smb",
    connection,
    attempts,
    uses,
    host: names[0] === undefined ? null : hostOf(names[0]),
    names: [...new Set(names)],
    isThroughProxy: false,
    sessions: isBound ? [] : ids,
    joins: isBound ? ids : [],
    frame,
    time,
  };
}

/** The server in the words of the client: from the NEGOTIATE, the path of a share, the SPN in an NTLM response. */
function namesIn(exchange: ServiceExchange): string[] {
  const request = smbRequest(exchange);
  const ntlm = isNtlm(exchange.request?.inside);
  const named =
    request?.kind === "NEGOTIATE request" && request.protocol === "smb2"
      ? request.serverName
      : request?.kind === "TREE_CONNECT request"
        ? /^\\\\([^\\]+)\\/.exec(request.path ?? "")?.[1]
        : ntlm?.kind === "AUTHENTICATE"
          ? splitSpn(ntlm.targetSpn ?? "").host
          : null;
  return named ? [named] : [];
}

function readNegotiate(exchange: ServiceExchange): Attempt {
  const offers = offersOf(exchange);
  const status = statusOf(smbResponse(exchange));
  const answer = exchange.response ? (isOffer(exchange) ? "challenge" : "refused") : unanswered(exchange);
  // A server that names no mechanism leaves the choice to the client (MS-SMB2 section 3.2.4.2.3).
  const isFree = status === nt.SUCCESS && isOffer(exchange) && (offers.length === 0 || offers.some(isKerberos));
  return readExchange(exchange, "none", answer, offers, isFree, null);
}

const isKerberos = (mechanism: string) => mechanism.endsWith("KRB5");

function isOffer(exchange: ServiceExchange): boolean {
  const response = smbResponse(exchange);
  if (response?.kind !== "NEGOTIATE response" || response.ntStatus !== nt.SUCCESS) return false;
  return response.protocol === "smb2" || response.dialectIndex !== null;
}

function offersOf(exchange: ServiceExchange): readonly string[] {
  const response = smbResponse(exchange);
  const isOld = response?.protocol === "smb" && response.kind === "NEGOTIATE response" && !response.hasExtendedSecurity;
  return isOld ? ["NTLM"] : (negTokenInit(exchange.response?.inside)?.mechTypes ?? []);
}

function readSetup(exchange: ServiceExchange): Attempt {
  const token = tokenOf(exchange);
  const answer = answerOf(exchange);
  return readExchange(exchange, token, answer, NONE, false, answer === "accepted" ? acceptedAs(exchange, token) : null);
}

function readExchange(
  exchange: ServiceExchange,
  token: Token,
  answer: Answer,
  offers: readonly string[],
  offersKerberos: boolean,
  acceptedAs: Outcome | null,
): Attempt {
  const request = smbRequest(exchange);
  const response = smbResponse(exchange);
  return {
    exchange,
    token,
    answer,
    apReq: apReqIn(exchange),
    error: krbErrorIn(exchange),
    completed: isCompleted(exchange.response?.inside),
    offers,
    offersKerberos,
    isEvidence: isKind(request ?? response ?? undefined, "SESSION_SETUP"),
    acceptedAs,
    isCut: isCut(request) || isCut(response),
    code: codeOf(response),
    user: ntlmUserIn(exchange) ?? plainUser(request),
  };
}

function isCut(message: AnySmb | null): boolean {
  return message !== null && "cut" in message && message.cut === true;
}

/** SMB1 without extended security names the user beside the responses. */
function plainUser(request: AnySmb | null): Attempt["user"] {
  if (request?.protocol !== "smb" || request.kind !== "SESSION_SETUP request" || !request.user) return null;
  return { name: request.user, domain: request.domain ?? "" };
}

function codeOf(response: AnySmb | null): Code | null {
  const status = statusOf(response);
  return response === null || status === null
    ? null
    : { protocol: response.protocol, number: status, name: ntStatusName(status) };
}

function tokenOf(exchange: ServiceExchange): Token {
  const request = smbRequest(exchange);
  if (request?.kind !== "SESSION_SETUP request") return "none";
  const mechanism = mechanismOf(exchange.request?.inside ?? []);
  if (mechanism) return mechanism;
  if (request.tokenLength === null) return "ntlm";
  return request.tokenLength > 0 && !("cut" in request) ? "defective" : "negotiate";
}

const unanswered = (exchange: ServiceExchange): Answer => (couldHaveShown(exchange) ? "none" : "lost");

/** The server could not handle the logon, which says nothing about it. */
const TROUBLE: readonly number[] = [
  nt.UNSUCCESSFUL,
  nt.INSUFFICIENT_RESOURCES,
  nt.INSUFF_SERVER_RESOURCES,
  nt.TOO_MANY_SESSIONS,
  nt.REQUEST_NOT_ACCEPTED,
  nt.INTERNAL_ERROR,
  nt.SERVER_UNAVAILABLE,
];

function answerOf(exchange: ServiceExchange): Answer {
  const response = exchange.response;
  if (!response) return unanswered(exchange);
  const status = statusOf(response.message) ?? nt.SUCCESS;
  if (status === nt.MORE_PROCESSING_REQUIRED) {
    return response.inside.length === 0 || isContinuation(response.inside) ? "continue" : "refused";
  }
  if (TROUBLE.includes(status)) return "server-error";
  return isError(status) ? "refused" : "accepted";
}

/** A guest, or a client without a name, was let in without credentials that count. */
function acceptedAs(exchange: ServiceExchange, token: Token): Outcome | null {
  const ntlm = isNtlm(exchange.request?.inside);
  if (isGuest(exchange) || (ntlm?.kind === "AUTHENTICATE" && ntlm.user === "")) return "anonymous";
  const request = smbRequest(exchange);
  if (request?.kind === "SESSION_SETUP request" && request.protocol === "smb" && request.user === "")
    return "anonymous";
  return token === "kerberos" || token === "ntlm" ? token : null;
}

export function isGuest(exchange: ServiceExchange): boolean {
  const response = smbResponse(exchange);
  if (response?.kind !== "SESSION_SETUP response") return false;
  return response.isGuest || (response.protocol === "smb2" && response.isNull);
}

/** The same server again, after a connection on which nobody was let in. */
function isRepeated(earlier: Leg, later: Leg): boolean {
  const last = earlier.attempts.at(-1)?.exchange;
  const first = later.attempts[0]?.exchange;
  if (!last || !first || last.connection === first.connection || !isSoonAfter(last, first)) return false;
  if (last.connection.server.address !== first.connection.server.address) return false;
  return !earlier.attempts.some((a) => a.answer === "accepted");
}
