import { resultCodes } from "../../../dissectors/ldap/codes.ts";
import type { LdapBindRequest, LdapBindResponse, LdapMessage } from "../../../dissectors/ldap/message.ts";
import type { Message } from "../../../dissectors/registry.ts";
import type { Connection } from "../../model/connection.ts";
import { FROM_SERVER } from "../../model/connection.ts";
import type { Outcome } from "../../model/report.ts";
import type { Answer, Attempt, Token } from "../attempts.ts";
import {
  apReqIn,
  couldHaveShown,
  isCompleted,
  isContinuation,
  isNtlm,
  krbErrorIn,
  mechanismOf,
  ntlmUserIn,
} from "../attempts.ts";
import type { ServiceExchange } from "../evidence.ts";
import type { Leg } from "../legs.ts";
import { isSoonAfter, openingOf } from "../legs.ts";
import { splitSpn } from "../names.ts";
import { NONE } from "../order.ts";
import type { Service } from "./service.ts";

/** LDAP with SASL (GSSAPI, GSS-SPNEGO), with Sicily, and with passwords that were refused: RFC 4513, MS-ADTS 5.1.1. */
export const ldap: Service = {
  kind: "ldap",
  protocols: ["ldap"],
  spnClasses: ["ldap", "gc"],
  ports: [389, 636, 3268, 3269],
  // StartTLS on the plain ports, RFC 4513 section 3.
  tlsPorts: [389, 636, 3268, 3269],
  mayStartWithToken: true,
  namesItsHost: false,
  servesAnybody: true,
  sideOf(message) {
    switch (message.protocol === "ldap" ? message.kind : null) {
      case "bind-request":
      case "search-request":
        return "request";
      case "bind-response":
      case "root-entry":
        return "response";
      case "search-done":
        return "end";
      default:
        return null;
    }
  },
  isOfLogin: () => true,
  showsLogin: (message) =>
    message.protocol === "ldap" &&
    ((message.kind === "bind-request" && isWindows(message.mechanism)) ||
      (message.kind === "bind-response" && isError(message.resultCode))),
  isSuccess: (message) => isLdap(message, "bind-response") && message.resultCode === SUCCESS,
  isRefusal: (message) => isLdap(message, "bind-response") && isError(message.resultCode),
  answeredBy: (response, waiting) => waiting.find((x) => idOf(x.request?.message) === idOf(response.message)) ?? null,
  legsOf,
  isSameRequest,
  repeatKeys: ({ connection }) => [connection.server.address],
  isRepeated,
};

const SUCCESS = 0;
const SASL_BIND_IN_PROGRESS = 14;
/** Answers to searches that ask who the client is: operationsError, strongerAuthRequired, insufficientAccessRights. */
const ASKS_FOR_BIND: readonly number[] = [1, 8, 50];
const GSS: readonly string[] = ["GSSAPI", "GSS-SPNEGO"];

const isError = (resultCode: number): boolean => resultCode !== SUCCESS && resultCode !== SASL_BIND_IN_PROGRESS;
const isSicily = (mechanism: string): boolean => mechanism.startsWith("sicily-");
const isWindows = (mechanism: string): boolean =>
  GSS.includes(mechanism) || mechanism === "NTLM" || isSicily(mechanism);

function isLdap<K extends LdapMessage["kind"]>(
  message: Message | undefined,
  kind: K,
): message is Extract<LdapMessage, { kind: K }> {
  return message?.protocol === "ldap" && message.kind === kind;
}

const idOf = (message: Message | undefined): number | null => (message?.protocol === "ldap" ? message.messageId : null);

export function bindRequest({ request }: ServiceExchange): LdapBindRequest | null {
  return isLdap(request?.message, "bind-request") ? request.message : null;
}

export function bindResponse({ response }: ServiceExchange): LdapBindResponse | null {
  return isLdap(response?.message, "bind-response") ? response.message : null;
}

/**
 * Each bind is a login of its own, with its rounds; what was searched before belongs to the first. Binds that brought a
 * client in without Windows authentication are nobody's.
 */
function legsOf(connection: Connection, exchanges: readonly ServiceExchange[]): Leg[] {
  const groups: Attempt[][] = [];
  for (const exchange of exchanges) {
    const group = groups.at(-1);
    const isNew = group?.some((a) => a.token !== "none") === true && !goesOn(group, exchange);
    if (group && !isNew) group.push(readAttempt(exchange, group.at(-1) ?? null));
    else groups.push([readAttempt(exchange, null)]);
  }
  return groups.filter(isTold).map((attempts, index) => legOf(connection, attempts, index === 0));
}

/** A further round of the bind before it: RFC 4513 section 5.2.1.1. */
function goesOn(group: readonly Attempt[], exchange: ServiceExchange): boolean {
  const last = group.at(-1);
  const request = bindRequest(exchange);
  if (!last || !request) return bindResponse(exchange) !== null;
  const before = group.findLast(isBind)?.exchange;
  const mechanism = before && bindRequest(before)?.mechanism;
  const isSame = mechanism === request.mechanism || (isSicily(mechanism ?? "") && isSicily(request.mechanism));
  return isSame && (last.answer === "continue" || last.answer === "lost");
}

function isTold(attempts: readonly Attempt[]): boolean {
  return attempts.some((a) => a.isEvidence || a.offersKerberos || a.answer === "none");
}

function legOf(connection: Connection, attempts: readonly Attempt[], isFirst: boolean): Leg {
  const { frame, time } = openingOf(
    connection,
    attempts.map((a) => a.exchange),
  );
  const first = attempts[0]?.exchange;
  return {
    service: ldap,
    kind: "ldap",
    connection,
    attempts,
    uses: NONE,
    host: hostOfLeg(attempts),
    names: NONE,
    isThroughProxy: false,
    sessions: NONE,
    joins: NONE,
    frame: isFirst ? frame : (first?.frame ?? frame),
    time: isFirst ? time : (first?.time ?? time),
  };
}

/**
 * No message of LDAP names the server it is sent to, but tokens name the service they are for. What an NTLM client
 * names may be of another protocol than the one it is relayed to.
 */
function hostOfLeg(attempts: readonly Attempt[]): string | null {
  for (const { apReq, exchange } of attempts) {
    if (apReq) return splitSpn(apReq.ticket.sname).host || null;
    const ntlm = isNtlm(exchange.request?.inside);
    const wanted = splitSpn((ntlm?.kind === "AUTHENTICATE" ? ntlm.targetSpn : null) ?? "");
    if (ldap.spnClasses.includes(wanted.serviceClass) && wanted.host !== "") return wanted.host;
  }
  return null;
}

function readAttempt(exchange: ServiceExchange, before: Attempt | null): Attempt {
  const request = bindRequest(exchange);
  const response = bindResponse(exchange);
  const code = response ?? doneOf(exchange);
  const isRefused = response !== null && isError(response.resultCode);
  const token = request ? tokenOf(request, exchange, isRefused) : "none";
  const completed = isCompleted(exchange.response?.inside);
  const isLostBind = exchange.request === null && response !== null;
  const offers = offersOf(exchange);
  return {
    exchange,
    token,
    answer: answerOf(exchange, token),
    apReq: apReqIn(exchange),
    error: krbErrorIn(exchange),
    completed,
    offers,
    offersKerberos: token === "none" && exchange.response !== null && !isLostBind && leavesKerberos(offers),
    isEvidence: PROOFS.has(token) || isRefused || completed,
    acceptedAs: acceptedAs(token, before),
    isCut: token === "none" && exchange.connection.cut[FROM_SERVER] > 0,
    code: code ? { protocol: "ldap", number: code.resultCode, name: nameOf(code.resultCode) } : null,
    user: ntlmUserIn(exchange) ?? (request && token === "basic" ? userOf(request.name) : null),
  };
}

const PROOFS: ReadonlySet<Token> = new Set(["kerberos", "ntlm", "negotiate"]);
const nameOf = (code: number): string => resultCodes[code] ?? String(code);

function doneOf({ response }: ServiceExchange) {
  return isLdap(response?.message, "search-done") ? response.message : null;
}

/** An anonymous bind proves nothing; one that is refused is told like a password. */
function tokenOf(request: LdapBindRequest, { request: seen }: ServiceExchange, isRefused: boolean): Token {
  if (request.mechanism === "simple") return request.anonymous && !isRefused ? "none" : "basic";
  if (isSicily(request.mechanism)) return "ntlm";
  if (!isWindows(request.mechanism)) return "other";
  // RFC 4752 section 3.1: GSSAPI is Kerberos, also in the rounds whose tokens do not say so.
  return mechanismOf(seen?.inside ?? []) ?? (request.mechanism === "GSSAPI" ? "kerberos" : "negotiate");
}

function answerOf(exchange: ServiceExchange, token: Token): Answer {
  const { response } = exchange;
  if (!response) return couldHaveShown(exchange) && !hasUnreadBytes(exchange) ? "none" : "lost";
  const bind = bindResponse(exchange);
  if (!bind) return ASKS_FOR_BIND.includes(doneOf(exchange)?.resultCode ?? SUCCESS) ? "challenge" : "accepted";
  if (bind.resultCode === SASL_BIND_IN_PROGRESS) {
    return response.inside.length === 0 || isContinuation(response.inside) ? "continue" : "refused";
  }
  if (isError(bind.resultCode)) return "refused";
  return token === "ntlm" && isUnfinishedSicily(exchange) ? "continue" : "accepted";
}

/** RFC 4511 section 4.2.1: a server that is asked to bind says nothing else until it has answered. */
function hasUnreadBytes({ connection, seenBefore }: ServiceExchange): boolean {
  return connection.seen[FROM_SERVER] > seenBefore;
}

/** MS-ADTS 5.1.1.1.3: success answers every round; the last one, which holds the response, alone decides. */
function isUnfinishedSicily(exchange: ServiceExchange): boolean {
  const mechanism = bindRequest(exchange)?.mechanism ?? "";
  return isSicily(mechanism) && mechanism !== "sicily-response";
}

/** RFC 4512 section 5.1: what the root DSE names as supportedSASLMechanisms. */
function offersOf({ response }: ServiceExchange): readonly string[] {
  return isLdap(response?.message, "root-entry") ? response.message.saslMechanisms : NONE;
}

/** A server that was not asked for its mechanisms leaves the client free. */
function leavesKerberos(offers: readonly string[]): boolean {
  return offers.length === 0 || offers.some((offer) => GSS.includes(offer));
}

/** The last round of a mechanism holds no token that says what it was. */
function acceptedAs(token: Token, before: Attempt | null): Outcome | null {
  if (token === "kerberos" || token === "ntlm" || token === "basic") return token;
  if (token === "negotiate") return before?.acceptedAs ?? null;
  return token === "none" ? "anonymous" : "unknown";
}

/** `DOMAIN\user`, `user@domain`, or a DN as it stands. */
function userOf(name: string): Attempt["user"] {
  const [, domain, user] = /^([^\\,=]+)\\(.+)$/.exec(name) ?? [];
  if (user !== undefined) return { name: user, domain: domain ?? "" };
  const [, account, realm] = /^([^@,=]+)@([^@,=]+)$/.exec(name) ?? [];
  if (account !== undefined) return { name: account, domain: realm ?? "" };
  return name === "" ? null : { name, domain: "" };
}

function isSameRequest(one: ServiceExchange, other: ServiceExchange): boolean {
  const [a, b] = [bindRequest(one), bindRequest(other)];
  if (a && b) return a.mechanism === b.mechanism && a.name === b.name;
  return isLdap(one.request?.message, "search-request") && isLdap(other.request?.message, "search-request");
}

/** The same user logs on to the same server once more, or the client tries otherwise what was refused. */
function isRepeated(earlier: Leg, later: Leg): boolean {
  if (earlier.connection.server.address !== later.connection.server.address) return false;
  const one = userOfLeg(earlier);
  const other = userOfLeg(later);
  if (one !== null && other !== null && !isSameUser(one, other)) return false;
  const before = earlier.attempts.findLast(isBind);
  const after = later.attempts.find(isBind);
  if (!before || !after || !isSoonAfter(before.exchange, after.exchange)) return false;
  if (one !== null && other !== null) return before.token === after.token;
  return before.answer === "refused" && before.token !== "basic" && after.token !== "basic";
}

const isBind = (attempt: Attempt): boolean => bindRequest(attempt.exchange) !== null;

function userOfLeg({ attempts }: Leg): Attempt["user"] {
  for (const { user } of attempts) if (user) return user;
  return null;
}

function isSameUser(a: NonNullable<Attempt["user"]>, b: NonNullable<Attempt["user"]>): boolean {
  if (a.name.length !== b.name.length) return false;
  return a.name.toLowerCase() === b.name.toLowerCase() && a.domain.toLowerCase() === b.domain.toLowerCase();
}
