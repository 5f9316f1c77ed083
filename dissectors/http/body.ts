import { type Block, firstOf, membersOf } from "./block.ts";
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

const LENGTH = /^\d{1,15}$/;

function countedBody(block: Block): Body | null {
  const lengths = membersOf(block, "content-length");
  const length = lengths[0];
  if (length === undefined) return null;
  if (lengths.some((other) => other !== length) || !LENGTH.test(length)) return UNKNOWN;
  return Number(length) === 0 ? NONE : { kind: "count", bytes: Number(length) };
}

/** Whether the client waits for 100 before it sends the body, or never sends it (RFC 9110 10.1.1). */
export function expectsContinue(block: Block): boolean {
  return firstOf(block, "expect") !== null && membersOf(block, "expect").includes("100-continue");
}
