import { Malformed } from "../../src/bytes/malformed.ts";
import { context, type Der, OCTET_STRING, SEQUENCE } from "../asn1/der.ts";
import type { Fingerprint } from "../dissector.ts";
import { int32Field, optional, principalField, stringField, uint32Field } from "./fields.ts";
import type { Sealed, Ticket } from "./message.ts";

const TICKET = 0x61;

/** `[tag] EncryptedData ::= SEQUENCE { etype [0], kvno [1] OPTIONAL, cipher [2] }` (RFC 4120 5.2.9). The cipher is what `der` read last. */
export function sealedField(der: Der, tag: number, what: string): Sealed {
  const field = der.enter(context(tag), what);
  const outer = der.enter(SEQUENCE, what);
  const etype = int32Field(der, 0, "etype");
  const kvno = optional(der, 1, "kvno", uint32Field);
  der.stepField(2, OCTET_STRING, "cipher");
  der.leave(outer);
  der.leave(field);
  return { etype, kvno, length: der.to - der.from };
}

/** Ticket ::= [APPLICATION 1] SEQUENCE { tkt-vno [0], realm [1], sname [2], enc-part [3] } (RFC 4120 5.3). */
export function ticket(der: Der, fingerprint: Fingerprint): Ticket {
  const outer = der.enter(TICKET, "Ticket");
  const body = der.enter(SEQUENCE, "Ticket");
  const at = der.at;
  if (int32Field(der, 0, "tkt-vno") !== 5) throw new Malformed("tkt-vno is not 5", at);
  const realm = stringField(der, 1, "realm");
  const sname = principalField(der, 2, "sname");
  const { etype, kvno, length } = sealedField(der, 3, "enc-part");
  der.leave(body);
  der.leave(outer);
  return { etype, kvno, length, fingerprint: fingerprint(der.last()), realm, sname };
}

export function ticketField(der: Der, tag: number, what: string, fingerprint: Fingerprint): Ticket {
  const outer = der.enter(context(tag), what);
  const value = ticket(der, fingerprint);
  der.leave(outer);
  return value;
}

/** `[tag] SEQUENCE OF Ticket`. */
export function ticketsField(der: Der, tag: number, what: string, fingerprint: Fingerprint): Ticket[] {
  const outer = der.enter(context(tag), what);
  const list = der.enter(SEQUENCE, what);
  const tickets: Ticket[] = [];
  while (der.more()) tickets.push(ticket(der, fingerprint));
  der.leave(list);
  der.leave(outer);
  return tickets;
}
