import { context, type Der, OCTET_STRING, SEQUENCE } from "../asn1/der.ts";
import { errorName } from "./codes.ts";
import { type ErrorData, errorData } from "./error-data.ts";
import { int32Field, opening, optional, principalField, stringField, timeField } from "./fields.ts";
import type { KrbError } from "./message.ts";

const NOTHING: ErrorData = Object.freeze({ ntStatus: null, padata: [], etypes: [] });

/**
 * KRB-ERROR ::= SEQUENCE { pvno [0], msg-type [1], ctime [2] OPTIONAL, cusec [3] OPTIONAL, stime [4], susec [5],
 * error-code [6], crealm [7] OPTIONAL, cname [8] OPTIONAL, realm [9], sname [10], e-text [11] OPTIONAL,
 * e-data [12] OPTIONAL } (RFC 4120 5.9.1). Only the code is insisted on.
 */
export function krbError(der: Der): KrbError {
  const outer = der.enter(SEQUENCE, "KRB-ERROR");
  opening(der, 0, 30);
  const ctime = optional(der, 2, "ctime", timeField);
  const cusec = optional(der, 3, "cusec", int32Field);
  const stime = optional(der, 4, "stime", timeField);
  const susec = optional(der, 5, "susec", int32Field);
  const errorCode = int32Field(der, 6, "error-code");
  const crealm = optional(der, 7, "crealm", stringField);
  const cname = optional(der, 8, "cname", principalField);
  const realm = optional(der, 9, "realm", stringField);
  const sname = optional(der, 10, "sname", principalField);
  const etext = optional(der, 11, "e-text", stringField);
  const data = optional(der, 12, "e-data", errorDataField) ?? NOTHING;
  der.leave(outer);
  return {
    protocol: "kerberos",
    kind: "KRB-ERROR",
    errorCode,
    errorName: errorName(errorCode),
    ctime,
    cusec,
    stime,
    susec,
    crealm,
    cname,
    realm,
    sname,
    etext,
    ntStatus: data.ntStatus,
    padata: data.padata,
    etypes: data.etypes,
  };
}

/** What it holds depends on the error and on who sends it; what nobody understands is no reason to lose the rest. */
function errorDataField(der: Der, tag: number, what: string): ErrorData | null {
  const outer = der.enter(context(tag), what);
  const value = der.enter(OCTET_STRING, what);
  const data = der.attempt(errorData, null);
  der.leave(value);
  der.leave(outer);
  return data;
}
