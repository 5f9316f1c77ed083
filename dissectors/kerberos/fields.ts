import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { textOf } from "../../src/bytes/text.ts";
import { context, type Der, GENERAL_STRING, GENERALIZED_TIME, SEQUENCE } from "../asn1/der.ts";
import { Remembered } from "../asn1/remembered.ts";

/** `[tag] Int32` (RFC 4120 5.2.4). */
export function int32Field(der: Der, tag: number, what: string): number {
  return der.int32Field(tag, what);
}

/** `[tag] UInt32`. */
export function uint32Field(der: Der, tag: number, what: string): number {
  return der.uint32Field(tag, what);
}

/** `[tag] KerberosFlags` (RFC 4120 5.2.8). */
export function flagsField(der: Der, tag: number, what: string): number {
  return der.flagsField(tag, what);
}

/** `[tag] Realm` or `[tag] KerberosString` (RFC 4120 5.2.1, 5.2.2). */
export function stringField(der: Der, tag: number, what: string): string {
  return der.textField(tag, GENERAL_STRING, what);
}

/** `[tag] KerberosTime`, as sent (RFC 4120 5.2.3). */
export function timeField(der: Der, tag: number, what: string): string {
  return der.textField(tag, GENERALIZED_TIME, what);
}

/** The field `[tag]` where it is there, else null. */
export function optional<T>(der: Der, tag: number, what: string, field: Field<T>): T | null {
  return der.next(context(tag)) ? field(der, tag, what) : null;
}
export type Field<T> = (der: Der, tag: number, what: string) => T;

export function skipField(der: Der, tag: number, what: string): void {
  if (der.next(context(tag))) der.skip(what);
}

/** The same with one that must be a KerberosTime. */
export function skipTime(der: Der, tag: number, what: string): void {
  if (der.next(context(tag))) der.stepField(tag, GENERALIZED_TIME, what);
}

/** Each client has the same few names in all of its messages. */
const names = new Remembered(limits.sharedPrincipals, 3, principal);

/** `[tag] PrincipalName` (RFC 4120 5.2.2): its components joined by `/`. */
export function principalField(der: Der, tag: number, what: string): string {
  const outer = der.enter(context(tag), what);
  const name = names.read(der);
  der.leave(outer);
  return name;
}

/** PrincipalName ::= SEQUENCE { name-type [0], name-string [1] SEQUENCE OF KerberosString }. */
function principal(der: Der): string {
  const outer = der.enter(SEQUENCE, "PrincipalName");
  der.int32Field(0, "name-type");
  const field = der.enter(context(1), "name-string");
  const list = der.enter(SEQUENCE, "name-string");
  const name = nameString(der);
  der.leave(list);
  der.leave(field);
  der.leave(outer);
  return name;
}

/** Where names of several components are put together; none is longer than the bytes it is read from. */
let spelled = new Uint8Array(limits.sharedTextBytes);
const SLASH = 0x2f;

function nameString(der: Der): string {
  if (!der.more()) return "";
  der.step(GENERAL_STRING, "name-string");
  if (!der.more()) return textOf(der.bytes, der.from, der.to);
  if (spelled.length < der.end - der.from) spelled = new Uint8Array(der.end - der.from);
  let length = spell(der, 0);
  while (der.more()) {
    der.step(GENERAL_STRING, "name-string");
    spelled[length] = SLASH;
    length = spell(der, length + 1);
  }
  return textOf(spelled, 0, length);
}

function spell({ bytes, from, to }: Der, start: number): number {
  let end = start;
  for (let at = from; at < to; at++) spelled[end++] = bytes[at] ?? 0;
  return end;
}

/** The two fields that open every message: `[tag] pvno` and `[tag + 1] msg-type`. */
export function opening(der: Der, tag: number, type: number): void {
  const at = der.at;
  if (der.int32Field(tag, "pvno") !== 5) throw new Malformed("pvno is not 5", at);
  if (der.int32Field(tag + 1, "msg-type") !== type) throw new Malformed("msg-type is not that of the tag", at);
}
