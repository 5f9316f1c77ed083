import { NumberList } from "../../src/bytes/numbers.ts";
import { context, type Der, INTEGER, SEQUENCE } from "../asn1/der.ts";
import type { Fingerprint } from "../dissector.ts";
import {
  flagsField,
  opening,
  optional,
  principalField,
  skipField,
  skipTime,
  stringField,
  uint32Field,
} from "./fields.ts";
import type { AsRep, AsReq, TgsRep, TgsReq, Ticket } from "./message.ts";
import { padataTypes, requestPadata } from "./padata.ts";
import { sealedField, ticketField, ticketsField } from "./sealed.ts";

const AS_REQ = 10;
const AS_REP = 11;
const TGS_REQ = 12;
const TGS_REP = 13;

const NO_TICKETS: readonly Ticket[] = [];

/**
 * KDC-REQ ::= SEQUENCE { pvno [1], msg-type [2], padata [3] OPTIONAL, req-body [4] SEQUENCE { kdc-options [0],
 * cname [1] OPTIONAL, realm [2], sname [3] OPTIONAL, from [4] OPTIONAL, till [5], rtime [6] OPTIONAL, nonce [7],
 * etype [8] SEQUENCE OF Int32, addresses [9] OPTIONAL, enc-authorization-data [10] OPTIONAL,
 * additional-tickets [11] OPTIONAL } } (RFC 4120 5.4.1)
 */
export function kdcReq(der: Der, kind: "AS-REQ" | "TGS-REQ", fingerprint: Fingerprint): AsReq | TgsReq {
  const outer = der.enter(SEQUENCE, kind);
  opening(der, 1, kind === "AS-REQ" ? AS_REQ : TGS_REQ);
  const { types, tgs, armor, forUser, pacOptions } = requestPadata(der, 3, fingerprint);
  const field = der.enter(context(4), "req-body");
  const body = der.enter(SEQUENCE, "req-body");
  const kdcOptions = flagsField(der, 0, "kdc-options");
  const cname = optional(der, 1, "cname", principalField);
  const realm = stringField(der, 2, "realm");
  const sname = optional(der, 3, "sname", principalField);
  skipField(der, 4, "from");
  skipTime(der, 5, "till");
  skipField(der, 6, "rtime");
  const nonce = uint32Field(der, 7, "nonce");
  const etypes = etypeList(der, 8);
  skipField(der, 9, "addresses");
  skipField(der, 10, "enc-authorization-data");
  const hasTickets = der.next(context(11));
  const additionalTickets = hasTickets ? ticketsField(der, 11, "additional-tickets", fingerprint) : NO_TICKETS;
  der.leave(body);
  der.leave(field);
  der.leave(outer);
  return {
    protocol: "kerberos",
    kind,
    realm,
    cname,
    sname,
    kdcOptions,
    nonce,
    etypes,
    padata: types,
    ticket: kind === "AS-REQ" ? armor : tgs,
    additionalTickets,
    forUser,
    pacOptions,
  };
}

/** The etypes of the list that is being read. */
const asked = new NumberList();

function etypeList(der: Der, tag: number): readonly number[] {
  const outer = der.enter(context(tag), "etype");
  const list = der.enter(SEQUENCE, "etype");
  asked.clear();
  while (der.next(INTEGER)) asked.add(der.int32("etype"));
  der.leave(list);
  der.leave(outer);
  return asked.shared();
}

/**
 * KDC-REP ::= SEQUENCE { pvno [0], msg-type [1], padata [2] OPTIONAL, crealm [3], cname [4], ticket [5], enc-part [6] }
 * (RFC 4120 5.4.2).
 */
export function kdcRep(der: Der, kind: "AS-REP" | "TGS-REP", fingerprint: Fingerprint): AsRep | TgsRep {
  const outer = der.enter(SEQUENCE, kind);
  opening(der, 0, kind === "AS-REP" ? AS_REP : TGS_REP);
  const padata = padataTypes(der, 2);
  const crealm = stringField(der, 3, "crealm");
  const cname = principalField(der, 4, "cname");
  const ticket = ticketField(der, 5, "ticket", fingerprint);
  const encPart = sealedField(der, 6, "enc-part");
  der.leave(outer);
  return { protocol: "kerberos", kind, crealm, cname, padata, ticket, encPart };
}
