import type { Attempt } from "../correlate/attempts.ts";
import { isNtlm } from "../correlate/attempts.ts";
import { attemptsOf } from "../correlate/legs.ts";
import { httpRequest, httpResponse } from "../correlate/services/http.ts";
import type { Story } from "../correlate/story.ts";
import type { TokenUse } from "../correlate/uses.ts";
import type { Observation } from "../model/observation.ts";
import { type EventFields, type Happening, hostNamed, knownFields } from "./events.ts";
import { isWeb } from "./service-words.ts";

/** What the service, and the client that was refused by it, should have logged of a story. */
export function serviceEvents(story: Story): Happening[] {
  const attempts = attemptsOf(story.legs);
  return [
    ...attempts.flatMap((attempt) => attemptEvents(attempt, story)),
    ...story.uses.flatMap((use) => sqlEvents(use, story)),
    ...noController(story),
  ];
}

function attemptEvents(attempt: Attempt, story: Story): Happening[] {
  const { response } = attempt.exchange;
  if (!response) return [];
  return [
    ...logonEvents(attempt, response, story),
    ...(isWeb(story) && story.verdict !== "ok" ? webEvents(attempt, response, story) : []),
    ...(story.kind === "ldap" ? directoryEvents(attempt, response, story) : []),
  ];
}

/** A web server that says it is no IIS keeps no log of Windows. */
function isWindows(attempt: Attempt): boolean {
  const server = httpResponse(attempt.exchange)?.server ?? null;
  return server === null || /\bIIS\b|HTTPAPI/i.test(server);
}

const hostOf = ({ exchange: { connection } }: Attempt, story: Story) =>
  story.service.host ?? hostNamed(story, connection.server.address);

function logonEvents(attempt: Attempt, seen: Observation, story: Story): Happening[] {
  if (!isWindows(attempt) || !isDecided(attempt)) return [];
  const host = hostOf(attempt, story);
  const isIn = attempt.answer === "accepted";
  const logon: Happening = { kind: isIn ? "loggedOn" : "logonFailed", host, seen, fields: logonFields(attempt, story) };
  return [logon, ...checked(attempt, seen, host), ...clientEvents(attempt, seen, story)];
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
  return knownFields({
    TargetUserName: message ? message.user || "ANONYMOUS LOGON" : client.user,
    TargetDomainName: message ? message.domain : client.realm,
    LogonType: NETWORK_LOGON,
    AuthenticationPackageName: message ? "NTLM" : "Kerberos",
    WorkstationName: message?.workstation,
    ...statusOf(attempt),
    IpAddress: address,
    IpPort: port,
  });
}

function statusOf({ answer, code }: Attempt) {
  if (answer !== "refused" || !code?.protocol.startsWith("smb")) return {};
  return { Status: `0x${code.number.toString(16)}` };
}

/** Of the account's credentials, on a controller of its domain; of a machine's own account, on that machine. */
function checked(attempt: Attempt, seen: Observation, service: string): Happening[] {
  const message = isNtlm(attempt.exchange.request?.inside);
  if (message?.kind !== "AUTHENTICATE" || message.user === "") return [];
  const machines = [service, message.workstation].map(firstLabel);
  const isDomain = !["", ".", ...machines].includes(message.domain.toLowerCase());
  const fields = knownFields({
    TargetUserName: message.user,
    Workstation: message.workstation,
    Status: attempt.answer === "accepted" ? "0x0" : null,
    ...statusOf(attempt),
  });
  return [
    { kind: "credentialsChecked", host: isDomain ? `a domain controller of ${message.domain}` : service, seen, fields },
  ];
}

const firstLabel = (host: string) => (host.split(".")[0] ?? "").toLowerCase();

const MODIFIED = 41;

/** KRB_AP_ERR_MODIFIED is what clients of Windows log. */
function clientEvents({ error, apReq, exchange }: Attempt, seen: Observation, story: Story): Happening[] {
  if (error?.errorCode !== MODIFIED) return [];
  const host = hostNamed(story, exchange.connection.client.address);
  const fields = knownFields({ Server: error.sname, TargetRealm: apReq?.ticket.realm, Target: apReq?.ticket.sname });
  return [{ kind: "ticketNotDecrypted", host, seen, fields }];
}

/** The lines of IIS: 401.2 to a request without a token, 401.1 to one with; what http.sys refuses does not come to it. */
function webEvents(attempt: Attempt, seen: Observation, story: Story): Happening[] {
  const request = httpRequest(attempt.exchange);
  const response = httpResponse(attempt.exchange);
  if (!request || !response?.server || !isWindows(attempt) || attempt.answer === "continue") return [];
  const { address, port } = attempt.exchange.connection.client;
  if (attempt.answer === "too-large") {
    const fields = {
      "c-ip": address,
      "c-port": port,
      "sc-status": response.status,
      "s-reason": "RequestLength or FieldLength",
    };
    return [{ kind: "httpSys", host: hostOf(attempt, story), seen, fields, id: response.status }];
  }
  const substatus = response.status === 401 ? (attempt.token === "none" ? 2 : 1) : null;
  const fields = knownFields({
    "c-ip": address,
    "cs-method": request.method,
    "cs-uri-stem": request.target,
    "sc-status": response.status,
    "sc-substatus": substatus,
  });
  const id = substatus === null ? response.status : `${response.status}.${substatus}`;
  return [{ kind: "webLog", host: hostOf(attempt, story), seen, fields, id }];
}

const STRONGER_AUTH_REQUIRED = 8;

function directoryEvents(attempt: Attempt, seen: Observation, story: Story): Happening[] {
  const message = seen.message;
  if (attempt.answer !== "refused" || message.protocol !== "ldap" || message.kind !== "bind-response") return [];
  const isUnsigned = message.resultCode === STRONGER_AUTH_REQUIRED;
  const isUnbound = /80090346/.test(message.diagnostic);
  if (!isUnsigned && !isUnbound) return [];
  const { address, port } = attempt.exchange.connection.client;
  const fields = knownFields({
    "client address": `${address}:${port}`,
    identity: attempt.user?.name ?? story.client.user,
  });
  return [{ kind: isUnsigned ? "bindUnsigned" : "bindUnbound", host: hostOf(attempt, story), seen, fields }];
}

function sqlEvents(use: TokenUse, story: Story): Happening[] {
  const { response, code, connection } = use;
  if (use.protocol !== "tds" || !response || code?.protocol !== "tds") return [];
  const fields = knownFields({ Error: code.number, CLIENT: connection.client.address });
  return [
    {
      kind: "sqlRefused",
      host: hostNamed(story, connection.server.address),
      seen: response,
      fields,
      id: code.number,
    },
  ];
}

/** Netlogon complains where a member of a domain found no controller. */
function noController({ kind, verdict, steps, service, client }: Story): Happening[] {
  const seen = steps.findLast((step) => step.seen.length > 0)?.seen.at(-1);
  if (kind !== "dc-locator" || verdict !== "diverged" || !seen) return [];
  const fields = knownFields({ Domain: service.host });
  return [{ kind: "noController", host: client.name ?? client.address, seen, fields }];
}
