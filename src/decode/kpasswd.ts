import type { Element } from "./element.ts";
import type { Reading } from "./reading.ts";
import { readToken } from "./token.ts";
import { hex } from "./values.ts";

const versions: Readonly<Record<number, string>> = { 1: "change password, or a reply", 65408: "set password" };

/** Message length, version, AP length (16 bits each), AP-REQ or AP-REP, then KRB-PRIV or KRB-ERROR (RFC 3244 2). */
export function kpasswd(reading: Reading, start: number, end: number): Element[] {
  const [length = 0, version = 0, apLength = 0] = [0, 2, 4].map((at) => u16(reading.bytes, start + at));
  const body = start + 6;
  const rest = body + apLength;
  const header: Element[] = [
    { name: "message length", offset: start, length: 2, value: length },
    {
      name: "protocol version",
      offset: start + 2,
      length: 2,
      value: hex(version, 4),
      note: versions[version] ?? "unknown",
    },
    { name: "AP-REQ length", offset: start + 4, length: 2, value: apLength },
  ];
  if (rest > end) reading.fault(start + 4, `the length says ${apLength} bytes, but ${end - body} are left`);
  const ap = apLength === 0 ? [] : readToken(reading, body, Math.min(rest, end));
  const last = rest < Math.min(end, reading.bytes.length) ? readToken(reading, rest, end) : [];
  return [...header, ...ap, ...last];
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
