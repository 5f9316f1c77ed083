import { NumberList } from "../../src/bytes/numbers.ts";
import { context, type Der, OCTET_STRING, SEQUENCE } from "../asn1/der.ts";
import { int32Field } from "./fields.ts";

const KERB_ERR_TYPE_EXTENDED = 3;
/** What a Windows extended error looks like inside a METHOD-DATA. */
const PA_PW_SALT = 3;
const PA_ETYPE_INFO = 11;
const PA_ETYPE_INFO2 = 19;

export interface ErrorData {
  readonly ntStatus: number | null;
  readonly padata: readonly number[];
  readonly etypes: readonly number[];
}

/**
 * The contents of e-data: KERB-ERROR-DATA (MS-KILE 2.2.2) when the first field inside the outer SEQUENCE is [1], else
 * METHOD-DATA (RFC 4120 5.9.1) or TYPED-DATA when it is a list whose entries begin with [1] or [0].
 */
export function errorData(der: Der): ErrorData {
  const outer = der.enter(SEQUENCE, "e-data");
  const data = der.next(context(1)) ? extendedError(der) : entries(der);
  der.leave(outer);
  return data;
}

/** KERB-ERROR-DATA ::= SEQUENCE { data-type [1], data-value [2] OCTET STRING OPTIONAL } */
function extendedError(der: Der): ErrorData {
  const type = int32Field(der, 1, "data-type");
  const ntStatus = type === KERB_ERR_TYPE_EXTENDED ? der.attempt(statusField, 2) : null;
  return { ntStatus, padata: NONE, etypes: NONE };
}

const NONE: readonly number[] = [];
/** The types and the etypes of the lists that are being read. */
const types = new NumberList();
const etypes = new NumberList();

interface Found {
  ntStatus: number | null;
  etypes: readonly number[];
  /** From ETYPE-INFO2, which is preferred (RFC 4120 5.2.7.5). */
  settled: boolean;
}

/** PA-DATA ::= SEQUENCE { padata-type [1], padata-value [2] }; TYPED-DATA has the same fields as [0] and [1]. */
function entries(der: Der): ErrorData {
  const found: Found = { ntStatus: null, etypes: NONE, settled: false };
  types.clear();
  while (der.more()) {
    const item = der.enter(SEQUENCE, "METHOD-DATA");
    if (der.next(context(1))) entry(der, found);
    else types.add(int32Field(der, 0, "data-type"));
    der.leave(item);
  }
  return { ntStatus: found.ntStatus, padata: types.shared(), etypes: found.etypes };
}

function entry(der: Der, found: Found): void {
  const type = int32Field(der, 1, "padata-type");
  types.add(type);
  if (type === PA_PW_SALT) found.ntStatus = der.attempt(errorStatusField, 2) ?? found.ntStatus;
  if (type !== PA_ETYPE_INFO2 && (type !== PA_ETYPE_INFO || found.settled)) return;
  found.etypes = der.attempt(etypeInfo, 2) ?? found.etypes;
  found.settled ||= type === PA_ETYPE_INFO2;
}

/** ETYPE-INFO2 and ETYPE-INFO ::= SEQUENCE OF SEQUENCE { etype [0], … } (RFC 4120 5.2.7.4, 5.2.7.5). */
function etypeInfo(der: Der, tag: number): readonly number[] {
  etypes.clear();
  der.enter(context(tag), "ETYPE-INFO");
  der.enter(OCTET_STRING, "ETYPE-INFO");
  der.enter(SEQUENCE, "ETYPE-INFO");
  while (der.more()) {
    const item = der.enter(SEQUENCE, "ETYPE-INFO-ENTRY");
    etypes.add(int32Field(der, 0, "etype"));
    der.leave(item);
  }
  return etypes.shared();
}

/** `[tag] OCTET STRING` of KERB-EXT-ERROR: status, reserved, flags, 32 bits each, little-endian (MS-KILE 2.2.1). */
function statusField(der: Der, tag: number): number | null {
  der.enter(context(tag), "data-value");
  const value = der.octets(OCTET_STRING, "data-value");
  if (value.length !== 12) return null;
  return new DataView(value.buffer, value.byteOffset, 4).getUint32(0, true);
}

/** The same where a salt of twelve characters could stand: no text has 0xc0 to 0xcf, the severity of errors, there. */
function errorStatusField(der: Der, tag: number): number | null {
  const status = statusField(der, tag);
  return status !== null && status >>> 28 === 0xc ? status : null;
}
