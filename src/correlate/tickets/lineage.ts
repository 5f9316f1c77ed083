import type { Ticket } from "../../../dissectors/kerberos/message.ts";
import { limits } from "../../bytes/limits.ts";
import type { Observation } from "../../model/observation.ts";
import type { KdcExchange } from "../evidence.ts";
import { isS4u2proxy, tgsRequest } from "../quests.ts";
import { type Columns, fingerprintOf, highOf, type Layout, lowOf, Recent } from "./recent.ts";

/** Where a ticket came from: who got it of whom, and for what. */
export interface Origin {
  readonly frame: number;
  /** The client, and the KDC. */
  readonly to: string;
  readonly by: string;
  /** Frame of the request; null where the capture does not hold it. */
  readonly asked: number | null;
  /** The ticket in PA-TGS-REQ, with which it was asked for. */
  readonly from: Ticket | null;
  /** S4U: the user in whose name it is, with the realm. */
  readonly forUser: string | null;
}

/** A ticket coming into the world. */
export interface Issue extends Origin {
  readonly ticket: Ticket;
}

/** A ticket shown to somebody. */
export interface Presentation {
  readonly frame: number;
  readonly by: string;
  readonly at: string;
}

/** Where tickets came from and went, by fingerprint, on all hosts; of each at most `limits.ticketsRemembered`. */
export class Lineage {
  private readonly origins: Recent<Origin>;
  /** The first time that a ticket was shown to a service. */
  private readonly presentations: Recent<Presentation>;

  /** A random number for hash tables. */
  constructor(seed: number) {
    this.origins = new Recent(limits.ticketsRemembered, originRows, seed);
    this.presentations = new Recent(limits.ticketsRemembered, presentationRows, seed);
  }

  /** Some tickets were dropped: of one that is not known, nothing can be said. */
  get forgets(): boolean {
    return this.origins.forgets;
  }

  issued(issue: Issue): void {
    const { fingerprint } = issue.ticket;
    if (this.origins.get(fingerprint) === undefined) this.origins.set(fingerprint, issue);
  }

  presented({ fingerprint }: Ticket, { frame, src, dst }: Observation): void {
    if (this.presentations.get(fingerprint) !== undefined) return;
    this.presentations.set(fingerprint, { frame, by: src, at: dst });
  }

  originOf(fingerprint: string): Origin | null {
    return this.origins.get(fingerprint) ?? null;
  }

  presentationOf(fingerprint: string): Presentation | null {
    return this.presentations.get(fingerprint) ?? null;
  }
}

const presentationRows: Layout<Presentation> = {
  numbers: 1,
  texts: 2,
  write({ frame, by, at }, { numbers, texts }, number, text) {
    numbers[number] = frame;
    texts[text] = by;
    texts[text + 1] = at;
  },
  read({ numbers, texts }, number, text) {
    return { frame: numbers[number] ?? 0, by: texts[text] ?? "", at: texts[text + 1] ?? "" };
  },
};

/** Numbers that are not there are NaN. */
const originRows: Layout<Origin> = {
  numbers: 7,
  texts: 5,
  write({ frame, to, by, asked, from, forUser }, rows, number, text) {
    const { numbers, texts } = rows;
    numbers[number] = frame;
    numbers[number + 1] = asked ?? Number.NaN;
    texts[text] = to;
    texts[text + 1] = by;
    texts[text + 2] = forUser;
    writeFrom(from, rows, number + 2, text + 3);
  },
  read(rows, number, text) {
    const { numbers, texts } = rows;
    return {
      frame: numbers[number] ?? 0,
      to: texts[text] ?? "",
      by: texts[text + 1] ?? "",
      asked: numberOrNull(numbers[number + 1]),
      from: readFrom(rows, number + 2, text + 3),
      forUser: texts[text + 2] ?? null,
    };
  },
};

function writeFrom(from: Ticket | null, { numbers, texts }: Columns, number: number, text: number): void {
  numbers[number] = from === null ? Number.NaN : highOf(from.fingerprint);
  numbers[number + 1] = from === null ? Number.NaN : lowOf(from.fingerprint);
  numbers[number + 2] = from?.etype ?? Number.NaN;
  numbers[number + 3] = from?.kvno ?? Number.NaN;
  numbers[number + 4] = from?.length ?? Number.NaN;
  texts[text] = from?.realm ?? null;
  texts[text + 1] = from?.sname ?? null;
}

function readFrom({ numbers, texts }: Columns, number: number, text: number): Ticket | null {
  const [realm, sname] = [texts[text] ?? null, texts[text + 1] ?? null];
  if (realm === null || sname === null) return null;
  return {
    etype: numbers[number + 2] ?? 0,
    kvno: numberOrNull(numbers[number + 3]),
    length: numbers[number + 4] ?? 0,
    fingerprint: fingerprintOf(numbers[number] ?? 0, numbers[number + 1] ?? 0),
    realm,
    sname,
  };
}

function numberOrNull(number: number | undefined): number | null {
  return number === undefined || Number.isNaN(number) ? null : number;
}

/** What the reply of an exchange brought; null where it brought no ticket. */
export function issueIn(exchange: KdcExchange): Issue | null {
  const { reply, request } = exchange;
  if (reply === null || reply.message.kind === "KRB-ERROR") return null;
  const { ticket, cname, crealm } = reply.message;
  const tgs = tgsRequest(exchange);
  return {
    ticket,
    frame: reply.frame,
    to: reply.dst,
    by: reply.src,
    asked: request?.frame ?? null,
    from: tgs?.ticket ?? null,
    // The reply to an S4U2proxy names the user; the request shows the user's ticket alone (MS-SFU section 3.2.5.2.2).
    forUser: tgs === null ? null : isS4u2proxy(tgs) ? `${cname}@${crealm}` : tgs.forUser,
  };
}
