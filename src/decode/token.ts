import type { Type } from "../../dissectors/asn1/schema.ts";
import { headAt } from "../../dissectors/asn1/survey.ts";
import { errorDataType, iakerbHeader, messages } from "../../dissectors/kerberos/schema.ts";
import { opensNtlm } from "../../dissectors/ntlmssp/decode.ts";
import { mechanismType, negotiationToken } from "../../dissectors/spnego/schema.ts";
import { limits } from "../bytes/limits.ts";
import { derElement } from "./asn1.ts";
import type { Element } from "./element.ts";
import { kpasswd } from "./kpasswd.ts";
import { ntlmElement } from "./ntlm.ts";
import type { Reading } from "./reading.ts";
import { hex } from "./values.ts";

/** InitialContextToken ::= [APPLICATION 0] SEQUENCE { thisMech OID, innerContextToken } (RFC 2743 3.1). */
const INITIAL = 0x60;
const INIT = 0xa0;
const RESP = 0xa1;
const SEQUENCE = 0x30;
const OID = 0x06;

/** What a token of any kind holds, outermost first; `end` may lie behind the bytes of one that was cut. */
export function readToken(reading: Reading, start: number, end: number): Element[] {
  if (reading.depth === limits.tokenDepth) return [broken(reading, "token", start, end, "tokens are nested too deep")];
  reading.depth++;
  const elements = tokenAt(reading, start, end);
  reading.depth--;
  return elements;
}

function tokenAt(reading: Reading, start: number, end: number): Element[] {
  const { bytes } = reading;
  const first = bytes[start] ?? 0;
  if (first === INITIAL) return [initialToken(reading, start, end)];
  if (first === INIT || first === RESP) return present(derElement(reading, negotiation(bytes, start), start, end));
  if (opensNtlm(bytes.subarray(start))) return [ntlmElement(reading, start, end)];
  const type = kerberosType(first);
  if (type !== undefined) return present(derElement(reading, type, start, end));
  return framed(reading, start, end) ?? other(reading, start, end);
}

function present(element: Element | null): Element[] {
  return element === null ? [] : [element];
}

function kerberosType(tag: number): Type | undefined {
  return tag >>> 5 === 3 ? messages[tag & 0x1f] : undefined;
}

function broken(reading: Reading, name: string, offset: number, end: number, text: string): Element {
  return { name, offset, length: end - offset, ...reading.fault(offset, text) };
}

/** Whether [3] of a NegTokenInit holds a SEQUENCE, as negHints do and a MIC does not: looked for where fields begin. */
function negotiation(bytes: Uint8Array, start: number): Type {
  const outer = headAt(bytes, start);
  if (typeof outer === "string" || bytes[start] !== INIT) return negotiationToken(false);
  const body = headAt(bytes, start + outer.headerLength);
  if (typeof body === "string") return negotiationToken(false);
  for (let at = start + outer.headerLength + body.headerLength, fields = 0; fields < 4; fields++) {
    const head = headAt(bytes, at);
    if (typeof head === "string") break;
    if (bytes[at] === 0xa3) return negotiationToken(bytes[at + head.headerLength] === SEQUENCE);
    at += head.headerLength + head.length;
  }
  return negotiationToken(false);
}

function initialToken(reading: Reading, start: number, bound: number): Element {
  const name = "InitialContextToken";
  const head = headAt(reading.bytes, start);
  if (typeof head === "string") {
    return { name, offset: start, length: bound - start, ...reading.headFault({ at: start, text: head }, bound) };
  }
  const contents = start + head.headerLength;
  const end = contents + head.length;
  const problem = end > bound ? `the length says ${head.length} bytes, but ${bound - contents} are left` : head.fault;
  if (end < bound) reading.fault(end, `${bound - end} bytes follow the token`);
  const children = innerTokens(reading, contents, Math.min(end, bound));
  const element = { name, tag: "[APPLICATION 0]", offset: start, length: end - start, children };
  return problem === undefined ? element : { ...element, ...reading.fault(start + 1, problem) };
}

function innerTokens(reading: Reading, start: number, end: number): Element[] {
  const head = headAt(reading.bytes, start);
  const isOid = reading.bytes[start] === OID && typeof head !== "string";
  const next = isOid ? start + head.headerLength + head.length : end;
  const mech = derElement(reading, mechanismType, start, Math.min(next, end));
  if (mech === null) return [];
  const thisMech = { ...mech, name: "thisMech" };
  if (!isOid || next >= Math.min(end, reading.bytes.length)) return [thisMech];
  const first = reading.bytes[next] ?? 0;
  if (first === INIT || first === RESP || thisMech.note === "SPNEGO" || thisMech.note === "NTLMSSP") {
    return [thisMech, ...readToken(reading, next, end)];
  }
  return [thisMech, ...krb5Token(reading, next, end)];
}

/** TOK_ID (RFC 4121 4.1, the IAKERB draft); what stands behind the first three is a Kerberos message. */
const tokenIds: Readonly<Record<number, string>> = {
  256: "KRB_AP_REQ",
  512: "KRB_AP_REP",
  768: "KRB_ERROR",
  1024: "KRB_TGT_REQ",
  1025: "KRB_TGT_REP",
  1028: "MIC",
  1284: "Wrap",
  1281: "IAKERB_PROXY",
};
const IAKERB = 1281;
const MESSAGES = new Set([256, 512, 768]);

function tokenId(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function krb5Token(reading: Reading, start: number, end: number): Element[] {
  const { bytes } = reading;
  const id = tokenId(bytes, start);
  const place = { name: "TOK_ID", offset: start, length: 2, value: hex(id, 4) };
  const meaning = tokenIds[id];
  if (start + 2 > bytes.length) return [{ ...place, value: "", problem: "cut" }];
  const type = kerberosType(bytes[start + 2] ?? 0);
  if (meaning === undefined && type === undefined) {
    return [{ ...place, ...reading.fault(start, `TOK_ID 01 00, 02 00 or 03 00 expected, found ${hex(id, 4)}`) }];
  }
  const element = meaning === undefined ? place : { ...place, note: meaning };
  if (start + 2 >= Math.min(end, bytes.length)) return [element];
  return [element, ...behindId(reading, id, type, start + 2, end)];
}

function behindId(reading: Reading, id: number, type: Type | undefined, at: number, end: number): Element[] {
  if (id === IAKERB) {
    const head = headAt(reading.bytes, at);
    const next = typeof head === "string" ? end : Math.min(end, at + head.headerLength + head.length);
    const header = present(derElement(reading, iakerbHeader, at, next));
    return next < end ? [...header, ...readToken(reading, next, end)] : header;
  }
  if (type !== undefined) return present(derElement(reading, type, at, end));
  if (!MESSAGES.has(id))
    return [{ name: "token", offset: at, length: end - at, note: `${end - at} bytes (not shown)` }];
  const text = `a Kerberos message (0x6e, 0x6f or 0x7e) expected, found ${hex(reading.bytes[at] ?? 0)}`;
  return [broken(reading, "message", at, end, text)];
}

/** A message behind its length, as on TCP; a kpasswd message; a GSS token without its header. */
function framed(reading: Reading, start: number, end: number): Element[] | null {
  const { bytes } = reading;
  const there = Math.min(end, bytes.length);
  if (there - start < 6) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(start);
  if (length <= limits.kerberosBytes && length >= there - start - 4) {
    const mark = { name: "record mark", offset: start, length: 4, value: length };
    const inner = start + 4;
    const isKpasswd = view.getUint16(inner) === length;
    if (isKpasswd || kerberosType(bytes[inner] ?? 0) !== undefined) {
      return [
        mark,
        ...(isKpasswd ? kpasswd(reading, inner, inner + length) : readToken(reading, inner, inner + length)),
      ];
    }
  }
  if (view.getUint16(start) === end - start) return kpasswd(reading, start, end);
  return tokenIds[tokenId(bytes, start)] === undefined ? null : krb5Token(reading, start, end);
}

const NEGOEXTS = "NEGOEXTS";

function other(reading: Reading, start: number, end: number): Element[] {
  const { bytes } = reading;
  if (String.fromCharCode(...bytes.subarray(start, start + 8)) === NEGOEXTS) {
    return [{ name: NEGOEXTS, offset: start, length: end - start, note: `${end - start} bytes (not shown)` }];
  }
  const errorData = bytes[start] === SEQUENCE ? errorDataType(bytes.subarray(start)) : null;
  if (errorData !== null) return present(derElement(reading, errorData, start, end));
  const octet = bytes[start];
  const what = octet === undefined ? "nothing is there" : `found ${hex(octet)}`;
  const text = `a token begins with another byte (0x60 GSS-API, 0xa0 or 0xa1 SPNEGO, 0x6a to 0x7e Kerberos, NTLMSSP), ${what}`;
  return [broken(reading, "unknown", start, end, text)];
}
