import { Malformed } from "../../src/bytes/malformed.ts";
import { sharedText } from "../../src/bytes/text.ts";
import { context, type Der, GENERAL_STRING, GENERALIZED_TIME, SEQUENCE } from "../asn1/der.ts";

/** `[tag] Int32` (RFC 4120 5.2.4). */
export function int32Field(der: Der, tag: number, what: string): number {
  const outer = der.enter(context(tag), what);
  const value = der.int32(what);
  der.leave(outer);
  return value;
}

/** `[tag] UInt32`. */
export function uint32Field(der: Der, tag: number, what: string): number {
  const outer = der.enter(context(tag), what);
  const value = der.uint32(what);
  der.leave(outer);
  return value;
}

/** `[tag] KerberosFlags` (RFC 4120 5.2.8). */
export function flagsField(der: Der, tag: number, what: string): number {
  const outer = der.enter(context(tag), what);
  const value = der.flags(what);
  der.leave(outer);
  return value;
}

/** `[tag] Realm` or `[tag] KerberosString` (RFC 4120 5.2.1, 5.2.2). */
export function stringField(der: Der, tag: number, what: string): string {
  const outer = der.enter(context(tag), what);
  const value = der.text(GENERAL_STRING, what);
  der.leave(outer);
  return value;
}

/** `[tag] KerberosTime`, as sent (RFC 4120 5.2.3). */
export function timeField(der: Der, tag: number, what: string): string {
  const outer = der.enter(context(tag), what);
  const value = der.text(GENERALIZED_TIME, what);
  der.leave(outer);
  return value;
}

/** The field `[tag]` where it is there, else null. */
export function optional<T>(der: Der, tag: number, what: string, field: Field<T>): T | null {
  return der.next(context(tag)) ? field(der, tag, what) : null;
}
export type Field<T> = (der: Der, tag: number, what: string) => T;

export function skipField(der: Der, tag: number, what: string): void {
  if (der.next(context(tag))) der.skip(what);
}

export interface PrincipalName {
  /** Components joined by `/`. */
  readonly name: string;
  readonly type: number;
}

/** PrincipalName ::= SEQUENCE { name-type [0], name-string [1] SEQUENCE OF KerberosString } (RFC 4120 5.2.2). */
export function principal(der: Der): PrincipalName {
  const outer = der.enter(SEQUENCE, "PrincipalName");
  const type = int32Field(der, 0, "name-type");
  const field = der.enter(context(1), "name-string");
  const list = der.enter(SEQUENCE, "name-string");
  let name = der.more() ? der.text(GENERAL_STRING, "name-string") : "";
  while (der.more()) name = sharedText(`${name}/${der.text(GENERAL_STRING, "name-string")}`);
  der.leave(list);
  der.leave(field);
  der.leave(outer);
  return { name, type };
}

export function principalField(der: Der, tag: number, what: string): PrincipalName {
  const outer = der.enter(context(tag), what);
  const value = principal(der);
  der.leave(outer);
  return value;
}

/** The two fields that open every message: `[tag] pvno` and `[tag + 1] msg-type`. */
export function opening(der: Der, tag: number, type: number): void {
  const at = der.at;
  if (int32Field(der, tag, "pvno") !== 5) throw new Malformed("pvno is not 5", at);
  if (int32Field(der, tag + 1, "msg-type") !== type) throw new Malformed("msg-type is not that of the tag", at);
}
