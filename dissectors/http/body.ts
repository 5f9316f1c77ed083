import { type Block, type Field, firstOf, membersOf, nextOf } from "./block.ts";
import { blanksEnd, isDigit } from "./characters.ts";
import type { StartLine } from "./start-line.ts";

/** What follows a header block on its connection. */
export type Body =
  | { readonly kind: "none" }
  | { readonly kind: "count"; readonly bytes: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" }
  /** A 2xx to CONNECT: both directions now belong to somebody else. */
  | { readonly kind: "tunnel" }
  /** 101, or lengths that contradict one another: where the next message starts cannot be known. */
  | { readonly kind: "unknown" };

const NONE: Body = { kind: "none" };
const CHUNKED: Body = { kind: "chunked" };
const UNTIL_CLOSE: Body = { kind: "until-close" };
const UNKNOWN: Body = { kind: "unknown" };

/** RFC 9112 6.3; `method`: of the request that is answered, null where it is not known. */
export function bodyOf(block: Block, line: StartLine, method: string | null): Body {
  if (line.kind === "request") return requestBody(block);
  if (line.status === 101) return UNKNOWN;
  if (line.status < 200 || line.status === 204 || line.status === 304 || method === "HEAD") return NONE;
  if (method === "CONNECT" && line.status < 300) return { kind: "tunnel" };
  return transferBody(block, UNTIL_CLOSE) ?? countedBody(block) ?? UNTIL_CLOSE;
}

function requestBody(block: Block): Body {
  return transferBody(block, UNKNOWN) ?? countedBody(block) ?? NONE;
}

function transferBody(block: Block, otherwise: Body): Body | null {
  if (firstOf(block, "transfer-encoding") === null) return null;
  const codings = membersOf(block, "transfer-encoding").filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length === 0) return null;
  return codings.at(-1) === "chunked" ? CHUNKED : otherwise;
}

/** No capture holds a body whose length has more. */
const MOST_DIGITS = 15;
const NO_LENGTH = -1;
const COMMA = 0x2c;

/** RFC 9110 8.6: a length that stands there more than once must be the same each time. */
function countedBody(block: Block): Body | null {
  let length = NO_LENGTH;
  for (let field = firstOf(block, "content-length"); field !== null; field = nextOf(field.next, "content-length")) {
    const one = lengthIn(field);
    if (one === NO_LENGTH || (length !== NO_LENGTH && one !== length)) return UNKNOWN;
    length = one;
  }
  if (length === NO_LENGTH) return null;
  return length === 0 ? NONE : { kind: "count", bytes: length };
}

/** The number that stands in a field, as the only one of a list: else `NO_LENGTH`. */
function lengthIn({ bytes, start, end }: Field): number {
  let length = NO_LENGTH;
  for (let at = start; at <= end; ) {
    const from = blanksEnd(bytes, at, end);
    const to = digitsEnd(bytes, from, end);
    const next = blanksEnd(bytes, to, end);
    const one = next === end || bytes[next] === COMMA ? numberIn(bytes, from, to) : NO_LENGTH;
    if (one === NO_LENGTH || (length !== NO_LENGTH && one !== length)) return NO_LENGTH;
    length = one;
    at = next + 1;
  }
  return length;
}

function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at] ?? 0)) at += 1;
  return at;
}

/** The number of so many digits, or `NO_LENGTH`. */
function numberIn(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > MOST_DIGITS) return NO_LENGTH;
  let number = 0;
  for (let at = start; at < end; at += 1) number = number * 10 + (bytes[at] ?? 0) - 0x30;
  return number;
}

/** Whether the client waits for 100 before it sends the body, or never sends it (RFC 9110 10.1.1). */
export function expectsContinue(block: Block): boolean {
  return firstOf(block, "expect") !== null && membersOf(block, "expect").includes("100-continue");
}
