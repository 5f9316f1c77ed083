import { limits } from "../../src/bytes/limits.ts";
import { ownText } from "../../src/bytes/text.ts";
import type { Sealed, Ticket } from "./message.ts";

/** Tickets and sealed parts read lately, each at the place of its hash: equal ones are one, which nobody may change. */
const tickets = new Array<Ticket | null>(limits.sharedTickets).fill(null);
const seals = new Array<Sealed | null>(limits.sharedSeals).fill(null);

/** A ticket is seen where it is issued and wherever it is presented: the same one each time. */
export function sharedTicket(print: string, { etype, kvno, length }: Sealed, realm: string, sname: string): Ticket {
  const place = digits(print) & (limits.sharedTickets - 1);
  const known = tickets[place] ?? null;
  if (known !== null && isSame(known.fingerprint, print) && isSealed(known, etype, kvno, length)) {
    if (known.sname === sname && known.realm === realm) return known;
  }
  const ticket = { etype, kvno, length, fingerprint: ownText(print), realm, sname };
  tickets[place] = ticket;
  return ticket;
}

/** The sealed parts of all messages of a kind differ in little but their ciphers, of which nothing is kept. */
export function sharedSeal(etype: number, kvno: number | null, length: number): Sealed {
  const place = (length + 16 * etype + 256 * (kvno ?? 0)) & (limits.sharedSeals - 1);
  const known = seals[place] ?? null;
  if (known !== null && isSealed(known, etype, kvno, length)) return known;
  const seal = { etype, kvno, length };
  seals[place] = seal;
  return seal;
}

function isSealed(seal: Sealed, etype: number, kvno: number | null, length: number): boolean {
  return seal.length === length && seal.etype === etype && seal.kvno === kvno;
}

/** V8 compares with a slice of a longer text, as a fingerprint is when it comes, outside its compiled code. */
function isSame(text: string, slice: string): boolean {
  const { length } = slice;
  if (text.length !== length) return false;
  for (let at = 0; at < length; at++) if (text.charCodeAt(at) !== slice.charCodeAt(at)) return false;
  return true;
}

/** Four of the digits as a number: those of SHA-256 spread well, whoever chose the cipher. */
function digits(print: string): number {
  let number = 0;
  for (let at = 0; at < 4; at++) {
    const code = print.charCodeAt(at);
    number = number * 16 + (code & 15) + (code >> 6) * 9;
  }
  return number;
}
