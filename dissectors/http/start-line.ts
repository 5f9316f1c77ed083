import { Malformed } from "../../src/bytes/malformed.ts";

export type StartLine =
  | { readonly kind: "request"; readonly method: string; readonly target: string; readonly version: string }
  | { readonly kind: "response"; readonly status: number; readonly reason: string; readonly version: string };

const REQUEST = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) +(.*?) +(HTTP\/\d\.\d) *$/;
const RESPONSE = /^(HTTP\/\d\.\d) +(\d{3})(?: (.*))?$/;

/** RFC 9112 3 and 4. */
export function readStartLine(line: string): StartLine {
  const response = RESPONSE.exec(line);
  if (response !== null) {
    const [, version = "", status = "", reason = ""] = response;
    return { kind: "response", status: Number(status), reason: reason.trim(), version };
  }
  const request = REQUEST.exec(line);
  if (request === null) throw new Malformed("neither request nor status line", 0);
  const [, method = "", target = "", version = ""] = request;
  return { kind: "request", method, target, version };
}
