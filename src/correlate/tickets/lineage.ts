import type { Ticket } from "../../../dissectors/kerberos/message.ts";
import { limits } from "../../bytes/limits.ts";
import type { Observation } from "../../model/observation.ts";
import type { KdcExchange } from "../evidence.ts";
import { isS4u2proxy, tgsRequest } from "../quests.ts";
import { Recent } from "./recent.ts";

/** A ticket coming into the world: who got it of whom, and for what. */
export interface Issue {
  readonly ticket: Ticket;
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

/** A ticket shown to somebody. */
export interface Presentation {
  readonly frame: number;
  readonly by: string;
  readonly at: string;
}

/** Where tickets came from and went, by fingerprint, on all hosts; of each at most `limits.ticketsRemembered`. */
export class Lineage {
  private readonly issues = new Recent<Issue>(limits.ticketsRemembered);
  /** The first time that a ticket was shown to a service. */
  private readonly presentations = new Recent<Presentation>(limits.ticketsRemembered);

  /** Some tickets were dropped: of one that is not known, nothing can be said. */
  get forgets(): boolean {
    return this.issues.forgets;
  }

  issued(issue: Issue): void {
    const { fingerprint } = issue.ticket;
    if (this.issues.get(fingerprint) === undefined) this.issues.set(fingerprint, issue);
  }

  presented({ fingerprint }: Ticket, { frame, src, dst }: Observation): void {
    if (this.presentations.get(fingerprint) !== undefined) return;
    this.presentations.set(fingerprint, { frame, by: src, at: dst });
  }

  issueOf(fingerprint: string): Issue | null {
    return this.issues.get(fingerprint) ?? null;
  }

  presentationOf(fingerprint: string): Presentation | null {
    return this.presentations.get(fingerprint) ?? null;
  }
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
