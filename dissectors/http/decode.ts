import type { Decoded } from "../dissector.ts";
import { type Block, membersOf, valuesOf } from "./block.ts";
import { readChallenges, readCredentials } from "./challenge.ts";
import { readDate } from "./date.ts";
import type { HttpMessage, HttpRequest, HttpResponse } from "./message.ts";
import type { StartLine } from "./start-line.ts";
import { shortened, withoutSecrets } from "./target.ts";
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
    method: shortened(line.method),
    target: withoutSecrets(line.target),
    version: line.version,
    host: host(block),
    userAgent: first(block, "user-agent"),
    authorization: authorization?.header ?? null,
    proxyAuthorization: proxyAuthorization?.header ?? null,
    headerBytes: block.length,
    via: first(block, "via"),
  };
  return { message, inside: tokens([authorization, proxyAuthorization]) };
}

function decodeResponse(block: Block, line: StartLine & { kind: "response" }): Decoded<HttpResponse> {
  const challenges = valuesOf(block, "www-authenticate").flatMap(readChallenges);
  const proxyChallenges = valuesOf(block, "proxy-authenticate").flatMap(readChallenges);
  const location = first(block, "location");
  const message: HttpResponse = {
    protocol: "http",
    kind: "response",
    status: line.status,
    reason: shortened(line.reason),
    version: line.version,
    challenges: challenges.map(({ header }) => header),
    proxyChallenges: proxyChallenges.map(({ header }) => header),
    server: first(block, "server"),
    date: readDate(first(block, "date") ?? ""),
    via: first(block, "via"),
    location: location === null ? null : withoutSecrets(location),
    closes: closes(block, line.version),
    persistentAuth: first(block, "persistent-auth")?.toLowerCase() === "true",
  };
  return { message, inside: tokens([...challenges, ...proxyChallenges]) };
}

function credentials(block: Block, name: string): Auth | null {
  const [value] = valuesOf(block, name);
  return value === undefined ? null : readCredentials(value);
}

function first(block: Block, name: string): string | null {
  const [value] = valuesOf(block, name);
  return value === undefined ? null : shortened(value);
}

function host(block: Block): string | null {
  return first(block, "host")?.replace(/^.*@/, "") ?? null;
}

function closes(block: Block, version: string): boolean {
  const options = [...membersOf(block, "connection"), ...membersOf(block, "proxy-connection")];
  return options.includes("close") || (version === "HTTP/1.0" && !options.includes("keep-alive"));
}

function tokens(auths: readonly (Auth | null)[]): readonly Uint8Array[] {
  return auths.flatMap((auth) => (auth === null || auth.token === null ? [] : [auth.token]));
}
