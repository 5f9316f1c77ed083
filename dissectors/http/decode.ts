import { limits } from "../../src/bytes/limits.ts";
import type { Decoded } from "../dissector.ts";
import { type Block, type FieldName, firstOf, membersOf, nextOf } from "./block.ts";
import { readChallenges, readCredentials } from "./challenge.ts";
import { shortText } from "./characters.ts";
import { readDate } from "./date.ts";
import type { AuthHeader, HttpMessage, HttpRequest, HttpResponse } from "./message.ts";
import type { StartLine } from "./start-line.ts";
import { withoutSecrets } from "./target.ts";
import type { Auth } from "./token.ts";

/** The message of a header block with the bytes of its tokens. */
export function decodeHead(block: Block, line: StartLine): Decoded<HttpMessage> {
  return line.kind === "request" ? decodeRequest(block, line) : decodeResponse(block, line);
}

function decodeRequest(block: Block, line: StartLine & { kind: "request" }): Decoded<HttpRequest> {
  const authorization = credentials(block, "authorization");
  const proxyAuthorization = credentials(block, "proxy-authorization");
  const message: HttpRequest = {
    protocol: "http",
    kind: "request",
    method: line.method,
    target: line.target,
    version: line.version,
    host: host(block),
    userAgent: first(block, "user-agent"),
    authorization: authorization?.header ?? null,
    proxyAuthorization: proxyAuthorization?.header ?? null,
    headerBytes: block.length,
    via: first(block, "via"),
  };
  return { message, inside: tokensOf(authorization?.token ?? null, proxyAuthorization?.token ?? null) };
}

function decodeResponse(block: Block, line: StartLine & { kind: "response" }): Decoded<HttpResponse> {
  const challenges = challengesOf(block, "www-authenticate");
  const proxyChallenges = challengesOf(block, "proxy-authenticate");
  const location = firstOf(block, "location");
  const message: HttpResponse = {
    protocol: "http",
    kind: "response",
    status: line.status,
    reason: line.reason,
    version: line.version,
    challenges: headersOf(challenges),
    proxyChallenges: headersOf(proxyChallenges),
    server: first(block, "server"),
    date: dateOf(block),
    via: first(block, "via"),
    location: location === null ? null : withoutSecrets(location.bytes, location.start, location.end),
    closes: closes(block, line.version),
  };
  return { message, inside: tokensIn(challenges, proxyChallenges) };
}

function credentials(block: Block, name: FieldName): Auth | null {
  const field = firstOf(block, name);
  return field === null ? null : readCredentials(field);
}

const NONE: readonly Auth[] = [];
const NO_HEADERS: readonly AuthHeader[] = [];

function headersOf(auths: readonly Auth[]): readonly AuthHeader[] {
  const first = auths[0];
  if (first === undefined) return NO_HEADERS;
  return auths.length === 1 ? [first.header] : auths.map(({ header }) => header);
}

/** At most `limits.httpChallenges` of them. */
function challengesOf(block: Block, name: FieldName): readonly Auth[] {
  let challenges = NONE;
  for (let field = firstOf(block, name); field !== null; field = nextOf(field.next, name)) {
    if (challenges.length >= limits.httpChallenges) break;
    const read = readChallenges(field, limits.httpChallenges - challenges.length);
    challenges = challenges === NONE ? read : [...challenges, ...read];
  }
  return challenges;
}

function first(block: Block, name: FieldName): string | null {
  const field = firstOf(block, name);
  return field === null ? null : shortText(field.bytes, field.start, field.end);
}

function host(block: Block): string | null {
  const value = first(block, "host");
  return value?.includes("@") ? value.replace(/^.*@/, "") : value;
}

function dateOf(block: Block): number | null {
  const value = first(block, "date");
  return value === null ? null : readDate(value);
}

function closes(block: Block, version: string): boolean {
  return isOption(block, "close") || (version === "HTTP/1.0" && !isOption(block, "keep-alive"));
}

function isOption(block: Block, option: string): boolean {
  return membersOf(block, "connection").includes(option) || membersOf(block, "proxy-connection").includes(option);
}

const NO_TOKENS: readonly Uint8Array[] = [];

function tokensOf(first: Uint8Array | null, second: Uint8Array | null): readonly Uint8Array[] {
  if (first === null) return second === null ? NO_TOKENS : [second];
  return second === null ? [first] : [first, second];
}

function tokensIn(challenges: readonly Auth[], proxyChallenges: readonly Auth[]): readonly Uint8Array[] {
  let found = NO_TOKENS;
  for (const { token } of challenges) if (token !== null) found = [...found, token];
  for (const { token } of proxyChallenges) if (token !== null) found = [...found, token];
  return found;
}
