import type { Attempt } from "../correlate/attempts.ts";
import { attemptsOf } from "../correlate/legs.ts";
import { httpRequest, httpResponse } from "../correlate/services/http.ts";
import { smbRequest } from "../correlate/services/smb.ts";
import type { Story } from "../correlate/story.ts";
import type { Facts } from "../model/report.ts";

/** How large what proves the user is, in bytes; null where the protocol does not show it. */
export interface TokenSizes {
  readonly ticketBytes: number;
  readonly tokenBytes: number | null;
  /** The line of the token, and the whole header with it: HTTP. */
  readonly fieldBytes: number | null;
  readonly headerBytes: number | null;
}

/** A server's default limit: of one header field, or of the whole header. Each can be configured. */
interface HeaderLimit {
  readonly server: string;
  readonly bytes: number;
  readonly of: "fieldBytes" | "headerBytes";
  /** What its Server header says, where it sends one. */
  readonly says: RegExp | null;
}

const headerLimits: readonly HeaderLimit[] = [
  { server: "Apache", bytes: 8_190, of: "fieldBytes", says: /^Apache(?!-Coyote)/i },
  { server: "nginx", bytes: 8_192, of: "fieldBytes", says: /nginx/i },
  { server: "Tomcat", bytes: 8_192, of: "headerBytes", says: /Coyote|Tomcat/i },
  { server: "Jetty", bytes: 8_192, of: "headerBytes", says: /Jetty/i },
  // 16384 of buffer, of which 1024 are kept for changes to the header.
  { server: "HAProxy", bytes: 15_360, of: "headerBytes", says: /HAProxy/i },
  { server: "http.sys", bytes: 16_384, of: "headerBytes", says: /IIS|HTTPAPI/i },
  { server: "Node.js", bytes: 16_384, of: "headerBytes", says: null },
  { server: "Kestrel", bytes: 32_768, of: "headerBytes", says: /Kestrel/i },
];

/** `Authorization: Negotiate `, RFC 4559; a proxy's is longer. */
const FIELD_NAME = "Authorization: ".length;
const PROXY = "Proxy-".length;

export function sizesOf(attempt: Attempt): TokenSizes | null {
  if (!attempt.apReq) return null;
  const ticketBytes = attempt.apReq.ticket.length;
  const request = httpRequest(attempt.exchange);
  const header = request?.authorization ?? request?.proxyAuthorization;
  if (!request || !header)
    return { ticketBytes, tokenBytes: binaryLength(attempt), fieldBytes: null, headerBytes: null };
  const proxy = request.authorization ? 0 : PROXY;
  return {
    ticketBytes,
    tokenBytes: Math.floor((header.tokenLength * 3) / 4),
    fieldBytes: proxy + FIELD_NAME + header.scheme.length + 1 + header.tokenLength,
    headerBytes: request.headerBytes,
  };
}

function binaryLength({ exchange }: Attempt): number | null {
  const request = smbRequest(exchange);
  return request?.kind === "SESSION_SETUP request" ? request.tokenLength : null;
}

/** A default limit, and the bytes that a request holds against it. */
export interface Load {
  readonly server: string;
  readonly limit: number;
  readonly used: number;
}

/** All limits, the smallest first. */
export function loadsOf(sizes: TokenSizes): Load[] {
  return headerLimits.flatMap(({ server, bytes, of }) => {
    const used = sizes[of];
    return used === null ? [] : [{ server, limit: bytes, used }];
  });
}

/** One of the limits is exceeded. */
export function isAboveAny(sizes: TokenSizes): boolean {
  for (const { bytes, of } of headerLimits) if ((sizes[of] ?? 0) > bytes) return true;
  return false;
}

/** The server that answered, as its Server header names it. */
export function answeredBy({ exchange }: Attempt): string | null {
  const said = httpResponse(exchange)?.server ?? null;
  return said === null ? null : (headerLimits.find(({ says }) => says?.test(said))?.server ?? null);
}

/** Half of the smallest limit: below that there is nothing to say of any. */
const NOTABLE_BYTES = 4_095;

export function isSmall(attempt: Attempt): boolean {
  const header = httpRequest(attempt.exchange)?.headerBytes ?? 0;
  return header < NOTABLE_BYTES && (attempt.apReq?.ticket.length ?? 0) < NOTABLE_BYTES;
}

const hasTicket = ({ apReq }: Attempt) => apReq !== null;

/** Sizes of the last token of a story, beside the limits that it comes near. */
export function sizeFacts(story: Story): Facts | null {
  const attempt = attemptsOf(story.legs).findLast(hasTicket);
  const sizes = attempt ? sizesOf(attempt) : null;
  if (!attempt || !sizes) return null;
  const { ticketBytes, tokenBytes, headerBytes } = sizes;
  return {
    ticketBytes,
    tokenBytes: tokenBytes ?? undefined,
    headerBytes: headerBytes ?? undefined,
    limits: headerBytes === null || isSmall(attempt) ? undefined : limitFacts(attempt, sizes),
  };
}

/** Limits that are worth a word: that of the server that answered, and those of which half is taken. */
function limitFacts(attempt: Attempt, sizes: TokenSizes): Facts[] {
  const answering = answeredBy(attempt);
  const facts: Facts[] = [];
  for (const { server, bytes: limit, of } of headerLimits) {
    const used = sizes[of];
    if (used === null || (server !== answering && used * 2 < limit)) continue;
    facts.push({ server, limit, share: Math.round((used / limit) * 100) / 100 });
  }
  return facts;
}

/** Bytes of the PAC for a group of the user's own domain, and for one of another or from sIDHistory (KB 327825). */
const OWN_GROUP = 8;
const OTHER_GROUP = 40;

/** How many groups make so many characters of header: `about 40 groups of the user's domain, or 8 of others`. */
export function groupsIn(characters: number): string {
  const bytes = (characters * 3) / 4;
  const own = Math.ceil(bytes / OWN_GROUP);
  const others = Math.ceil(bytes / OTHER_GROUP);
  return `about ${own} ${own === 1 ? "group" : "groups"} of the user's domain, or ${others} of other domains or from sIDHistory`;
}

/** The smallest default limit that still holds, and how far it is. */
export function nextLimit(sizes: TokenSizes): string {
  const next = loadsOf(sizes).find(({ limit, used }) => used <= limit);
  if (next === undefined) return "";
  const away = next.limit - next.used;
  return ` The next, of ${next.server} (${next.limit}), is ${away} characters away: ${groupsIn(away)}.`;
}
