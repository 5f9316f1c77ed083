import { shared } from "../../src/bytes/numbers.ts";
import { context, type Der, INTEGER, SEQUENCE } from "../asn1/der.ts";
import type { Fingerprint } from "../dissector.ts";
import {
  flagsField,
  opening,
  optional,
  principalField,
  skipField,
  stringField,
  timeField,
  uint32Field,
} from "./fields.ts";
import type { AsRep, AsReq, TgsRep, TgsReq, Ticket } from "./message.ts";
import { padataTypes, requestPadata } from "./padata.ts";
import { sealedField, ticketField, ticketsField } from "./sealed.ts";

const AS_REQ = 10;
const AS_REP = 11;
const TGS_REQ = 12;
const TGS_REP = 13;

/** KDC-REQ ::= SEQUENCE { pvno [1], msg-type [2], padata [3] OPTIONAL, req-body [4] } (RFC 4120 5.4.1). */
export function kdcReq(der: Der, kind: "AS-REQ" | "TGS-REQ", fingerprint: Fingerprint): AsReq | TgsReq {
  const outer = der.enter(SEQUENCE, kind);
  opening(der, 1, kind === "AS-REQ" ? AS_REQ : TGS_REQ);
  const { types, tgs, armor, forUser, pacOptions } = requestPadata(der, 3, fingerprint);
  const body = kdcReqBody(der, fingerprint);
  der.leave(outer);
  const ticket = kind === "AS-REQ" ? armor : tgs;
  // Spelled out: spreading `body` costs a quarter of the whole message.
  return {
    protocol: "kerberos",
    kind,
    realm: body.realm,
    cname: body.cname,
    sname: body.sname,
    snameType: body.snameType,
    kdcOptions: body.kdcOptions,
    till: body.till,
    nonce: body.nonce,
    etypes: body.etypes,
    padata: shared(types),
    ticket,
    additionalTickets: body.additionalTickets,
    forUser,
    pacOptions,
  };
}

const NO_TICKETS: readonly Ticket[] = [];

type Body = Omit<AsReq, "protocol" | "kind" | "padata" | "ticket" | "forUser" | "pacOptions">;

/**
 * KDC-REQ-BODY ::= SEQUENCE { kdc-options [0], cname [1] OPTIONAL, realm [2], sname [3] OPTIONAL, from [4] OPTIONAL,
 * till [5], rtime [6] OPTIONAL, nonce [7], etype [8] SEQUENCE OF Int32, addresses [9] OPTIONAL,
 * enc-authorization-data [10] OPTIONAL, additional-tickets [11] OPTIONAL }
 */
function kdcReqBody(der: Der, fingerprint: Fingerprint): Body {
  const field = der.enter(context(4), "req-body");
  const outer = der.enter(SEQUENCE, "req-body");
  const kdcOptions = flagsField(der, 0, "kdc-options");
  const cname = optional(der, 1, "cname", principalField);
  const realm = stringField(der, 2, "realm");
  const sname = optional(der, 3, "sname", principalField);
  skipField(der, 4, "from");
  const till = optional(der, 5, "till", timeField);
  skipField(der, 6, "rtime");
  const nonce = uint32Field(der, 7, "nonce");
  const etypes = etypeList(der, 8);
  skipField(der, 9, "addresses");
  skipField(der, 10, "enc-authorization-data");
  const additionalTickets = der.next(context(11))
    ? ticketsField(der, 11, "additional-tickets", fingerprint)
    : NO_TICKETS;
  der.leave(outer);
  der.leave(field);
  return {
    realm,
    cname: cname === null ? null : cname.name,
    sname: sname === null ? null : sname.name,
    snameType: sname === null ? null : sname.type,
    kdcOptions,
    till,
    nonce,
    etypes,
    additionalTickets,
  };
}

function etypeList(der: Der, tag: number): readonly number[] {
  const outer = der.enter(context(tag), "etype");
  const list = der.enter(SEQUENCE, "etype");
  const etypes: number[] = [];
  while (der.next(INTEGER)) etypes.push(der.int32("etype"));
  der.leave(list);
  der.leave(outer);
  return shared(etypes);
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
  const cname = principalField(der, 4, "cname").name;
  const ticket = ticketField(der, 5, "ticket", fingerprint);
  const encPart = sealedField(der, 6, "enc-part");
  der.leave(outer);
  return { protocol: "kerberos", kind, crealm, cname, padata, ticket, encPart };
}
