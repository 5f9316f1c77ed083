import type { Attempt } from "../correlate/attempts.ts";
import { isNtlm } from "../correlate/attempts.ts";
import { attemptsOf } from "../correlate/legs.ts";
import { httpRequest, httpResponse } from "../correlate/services/http.ts";
import type { Story } from "../correlate/story.ts";
import type { TokenUse } from "../correlate/uses.ts";
import type { Observation } from "../model/observation.ts";
import { type EventFields, type ExpectedEvent, eventOf, hostNamed, known } from "./events.ts";
import { isWeb } from "./service-words.ts";

/** What the service, and the client that was refused by it, should have logged of a story. */
export function serviceEvents(story: Story, into: ExpectedEvent[]): void {
  for (const attempt of attemptsOf(story.legs)) attemptEvents(attempt, story, into);
  for (const use of story.uses) sqlEvent(use, story, into);
  noController(story, into);
}

function attemptEvents(attempt: Attempt, story: Story, into: ExpectedEvent[]): void {
  const { response } = attempt.exchange;
  if (!response) return;
  logonEvents(attempt, response, story, into);
  if (isWeb(story) && story.verdict !== "ok") webEvent(attempt, response, story, into);
  if (story.kind === "ldap") directoryEvent(attempt, response, story, into);
}

/** A web server that says it is no IIS keeps no log of Windows. */
function isWindows(attempt: Attempt): boolean {
  const server = httpResponse(attempt.exchange)?.server ?? null;
  return server === null || /\bIIS\b|HTTPAPI/i.test(server);
}

const hostOf = ({ exchange: { connection } }: Attempt, story: Story) =>
  story.service.host ?? hostNamed(story, connection.server.address);

function logonEvents(attempt: Attempt, seen: Observation, story: Story, into: ExpectedEvent[]): void {
  if (!isDecided(attempt) || !isWindows(attempt)) return;
  const host = hostOf(attempt, story);
  const kind = attempt.answer === "accepted" ? "loggedOn" : "logonFailed";
  into.push(eventOf(kind, host, seen, logonFields(attempt, story)));
  checked(attempt, seen, host, into);
  clientEvent(attempt, seen, story, into);
}

/** Kerberos decides at once, NTLM with its last message; a challenge or a further round is logged nowhere. */
function isDecided({ token, answer, exchange }: Attempt): boolean {
  if (answer !== "accepted" && answer !== "refused") return false;
  if (token === "kerberos") return true;
  return token === "ntlm" && isNtlm(exchange.request?.inside)?.kind === "AUTHENTICATE";
}

const NETWORK_LOGON = 3;

function logonFields(attempt: Attempt, { client }: Story): EventFields {
  const ntlm = isNtlm(attempt.exchange.request?.inside);
  const message = ntlm?.kind === "AUTHENTICATE" ? ntlm : null;
  const { address, port } = attempt.exchange.connection.client;
  return {
    TargetUserName: known(message ? message.user || "ANONYMOUS LOGON" : client.user),
    TargetDomainName: known(message ? message.domain : client.realm),
    LogonType: NETWORK_LOGON,
    AuthenticationPackageName: message ? "NTLM" : "Kerberos",
    WorkstationName: known(message?.workstation),
    Status: statusOf(attempt),
    IpAddress: known(address),
    IpPort: port,
  };
}

function statusOf({ answer, code }: Attempt): string | undefined {
  if (answer !== "refused" || !code?.protocol.startsWith("smb")) return undefined;
  return `0x${code.number.toString(16)}`;
}

/** Of the account's credentials, on a controller of its domain; of a machine's own account, on that machine. */
function checked(attempt: Attempt, seen: Observation, service: string, into: ExpectedEvent[]): void {
  const message = isNtlm(attempt.exchange.request?.inside);
  if (message?.kind !== "AUTHENTICATE" || message.user === "") return;
  const machines = [service, message.workstation].map(firstLabel);
  const domain = message.domain || suffixOf(message.user);
  const isDomain = !["", ".", ...machines].includes(domain.toLowerCase());
  const fields = {
    TargetUserName: message.user,
    Workstation: known(message.workstation),
    Status: attempt.answer === "accepted" ? "0x0" : statusOf(attempt),
  };
  const host = isDomain ? `a domain controller of ${domain}` : service;
  into.push(eventOf("credentialsChecked", host, seen, fields));
}

/** A user principal name needs no domain beside it. */
const suffixOf = (user: string) => user.split("@")[1] ?? "";

const firstLabel = (host: string) => (host.split(".")[0] ?? "").toLowerCase();

const MODIFIED = 41;

/** KRB_AP_ERR_MODIFIED is what clients of Windows log. */
function clientEvent(attempt: Attempt, seen: Observation, story: Story, into: ExpectedEvent[]): void {
  const { error, apReq, exchange } = attempt;
  if (error?.errorCode !== MODIFIED) return;
  const host = hostNamed(story, exchange.connection.client.address);
  const fields = {
    Server: known(error.sname),
    TargetRealm: known(apReq?.ticket.realm),
    Target: known(apReq?.ticket.sname),
  };
  into.push(eventOf("ticketNotDecrypted", host, seen, fields));
}

/** The lines of IIS: 401.2 to a request without a token, 401.1 to one with; what http.sys refuses does not come to it. */
function webEvent(attempt: Attempt, seen: Observation, story: Story, into: ExpectedEvent[]): void {
  const request = httpRequest(attempt.exchange);
  const response = httpResponse(attempt.exchange);
  if (!request || !response?.server || !isWindows(attempt) || attempt.answer === "continue") return;
  const { address, port } = attempt.exchange.connection.client;
  const host = hostOf(attempt, story);
  const { status } = response;
  if (attempt.answer === "too-large") {
    const fields = { "c-ip": address, "c-port": port, "sc-status": status, "s-reason": "RequestLength or FieldLength" };
    into.push(eventOf("httpSys", host, seen, fields, status));
    return;
  }
  const substatus = status === 401 ? (attempt.token === "none" ? 2 : 1) : null;
  const fields = {
    "c-ip": known(address),
    "cs-method": known(request.method),
    "cs-uri-stem": known(request.target),
    "sc-status": status,
    "sc-substatus": known(substatus),
  };
  into.push(eventOf("webLog", host, seen, fields, substatus === null ? status : `${status}.${substatus}`));
}

const STRONGER_AUTH_REQUIRED = 8;

function directoryEvent(attempt: Attempt, seen: Observation, story: Story, into: ExpectedEvent[]): void {
  const message = seen.message;
  if (attempt.answer !== "refused" || message.protocol !== "ldap" || message.kind !== "bind-response") return;
  const isUnsigned = message.resultCode === STRONGER_AUTH_REQUIRED;
  const isUnbound = /80090346/.test(message.diagnostic);
  if (!isUnsigned && !isUnbound) return;
  const { address, port } = attempt.exchange.connection.client;
  const fields = {
    "client address": `${address}:${port}`,
    identity: known(attempt.user?.name ?? story.client.user),
  };
  into.push(eventOf(isUnsigned ? "bindUnsigned" : "bindUnbound", hostOf(attempt, story), seen, fields));
}

function sqlEvent(use: TokenUse, story: Story, into: ExpectedEvent[]): void {
  const { response, code, connection } = use;
  if (use.protocol !== "tds" || !response || code?.protocol !== "tds") return;
  const fields = { Error: code.number, CLIENT: known(connection.client.address) };
  const host = hostNamed(story, connection.server.address);
  into.push(eventOf("sqlRefused", host, response, fields, code.number));
}

/** Netlogon complains where a member of a domain found no controller. */
function noController({ kind, verdict, steps, service, client }: Story, into: ExpectedEvent[]): void {
  if (kind !== "dc-locator" || verdict !== "diverged") return;
  const seen = steps.findLast((step) => step.seen.length > 0)?.seen.at(-1);
  if (!seen) return;
  into.push(eventOf("noController", client.name ?? client.address, seen, { Domain: known(service.host) }));
}
