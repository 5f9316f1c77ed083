import { NumberList } from "../../src/bytes/numbers.ts";
import { context, type Der, OCTET_STRING, SEQUENCE } from "../asn1/der.ts";
import type { Fingerprint } from "../dissector.ts";
import { flagsField, int32Field, optional, principalField, skipField, stringField } from "./fields.ts";
import type { Ticket } from "./message.ts";
import { ticketField } from "./sealed.ts";

const PA_TGS_REQ = 1;
const PA_FOR_USER = 129;
const PA_S4U_X509_USER = 130;
const PA_FX_FAST = 136;
const PA_PAC_OPTIONS = 167;
const FX_FAST_ARMOR_AP_REQUEST = 1;
const AP_REQ = 0x6e;

/** What the padata of a request shows without keys. */
export interface RequestPadata {
  /** In order. */
  types: readonly number[];
  tgs: Ticket | null;
  armor: Ticket | null;
  forUser: string | null;
  pacOptions: number | null;
}

/** The types of the list that is being read. */
const types = new NumberList();

/** `[tag] SEQUENCE OF PA-DATA`, types only. */
export function padataTypes(der: Der, tag: number): readonly number[] {
  types.clear();
  if (!der.next(context(tag))) return types.shared();
  const outer = der.enter(context(tag), "padata");
  const list = der.enter(SEQUENCE, "padata");
  while (der.more()) {
    const item = der.enter(SEQUENCE, "PA-DATA");
    types.add(int32Field(der, 1, "padata-type"));
    der.leave(item);
  }
  der.leave(list);
  der.leave(outer);
  return types.shared();
}

/**
 * `[tag] SEQUENCE OF PA-DATA ::= SEQUENCE { padata-type [1], padata-value [2] OCTET STRING }` (RFC 4120 5.2.7). A value
 * that is not what its type says costs only what it would have told.
 */
export function requestPadata(der: Der, tag: number, fingerprint: Fingerprint): RequestPadata {
  const found: RequestPadata = { types: NONE, tgs: null, armor: null, forUser: null, pacOptions: null };
  if (!der.next(context(tag))) return found;
  const outer = der.enter(context(tag), "padata");
  const list = der.enter(SEQUENCE, "padata");
  types.clear();
  while (der.more()) {
    const item = der.enter(SEQUENCE, "PA-DATA");
    const type = int32Field(der, 1, "padata-type");
    types.add(type);
    const field = der.enter(context(2), "padata-value");
    const value = der.enter(OCTET_STRING, "padata-value");
    readValue(der, type, found, fingerprint);
    der.leave(value);
    der.leave(field);
    der.leave(item);
  }
  der.leave(list);
  der.leave(outer);
  found.types = types.shared();
  return found;
}

const NONE: readonly number[] = [];

function readValue(der: Der, type: number, found: RequestPadata, fingerprint: Fingerprint): void {
  switch (type) {
    case PA_TGS_REQ:
      found.tgs ??= der.attempt(apReqTicket, fingerprint);
      break;
    case PA_FX_FAST:
      found.armor ??= der.attempt(armorTicket, fingerprint);
      break;
    case PA_FOR_USER:
      found.forUser = der.attempt(forUser, null) ?? found.forUser;
      break;
    case PA_S4U_X509_USER:
      found.forUser ??= der.attempt(s4uUser, null);
      break;
    case PA_PAC_OPTIONS:
      found.pacOptions ??= der.attempt(pacOptions, null);
      break;
  }
}

/** The ticket of an AP-REQ: pvno [0], msg-type [1], ap-options [2], ticket [3] (RFC 4120 5.5.1). */
function apReqTicket(der: Der, fingerprint: Fingerprint): Ticket {
  const outer = der.enter(AP_REQ, "AP-REQ");
  const body = der.enter(SEQUENCE, "AP-REQ");
  for (let tag = 0; tag < 3; tag++) skipField(der, tag, "AP-REQ");
  const value = ticketField(der, 3, "ticket", fingerprint);
  der.leave(body);
  der.leave(outer);
  return value;
}

/**
 * PA-FX-FAST-REQUEST ::= CHOICE { armored-data [0] SEQUENCE { armor [0] SEQUENCE { armor-type [0], armor-value [1]
 * OCTET STRING } OPTIONAL, … } } (RFC 6113 5.4.1, 5.4.2).
 */
function armorTicket(der: Der, fingerprint: Fingerprint): Ticket | null {
  der.enter(context(0), "armored-data");
  der.enter(SEQUENCE, "armored-data");
  if (!der.next(context(0))) return null;
  der.enter(context(0), "armor");
  der.enter(SEQUENCE, "armor");
  if (int32Field(der, 0, "armor-type") !== FX_FAST_ARMOR_AP_REQUEST) return null;
  der.enter(context(1), "armor-value");
  der.enter(OCTET_STRING, "armor-value");
  return apReqTicket(der, fingerprint);
}

/** PA-FOR-USER ::= SEQUENCE { userName [0], userRealm [1], … } (MS-SFU 2.2.1). */
function forUser(der: Der): string {
  der.enter(SEQUENCE, "PA-FOR-USER");
  const name = principalField(der, 0, "userName");
  return `${name}@${stringField(der, 1, "userRealm")}`;
}

/** PA-S4U-X509-USER ::= SEQUENCE { user-id [0] SEQUENCE { nonce [0], cname [1] OPTIONAL, crealm [2], … } } (MS-SFU 2.2.2). */
function s4uUser(der: Der): string | null {
  der.enter(SEQUENCE, "PA-S4U-X509-USER");
  der.enter(context(0), "user-id");
  der.enter(SEQUENCE, "user-id");
  skipField(der, 0, "nonce");
  const cname = optional(der, 1, "cname", principalField);
  return cname === null ? null : `${cname}@${stringField(der, 2, "crealm")}`;
}

/** PA-PAC-OPTIONS ::= SEQUENCE { flags [0] KerberosFlags } (MS-KILE 2.2.10). */
function pacOptions(der: Der): number {
  der.enter(SEQUENCE, "PA-PAC-OPTIONS");
  return flagsField(der, 0, "flags");
}
