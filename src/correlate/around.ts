import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import { MARK } from "./client-marks.ts";
import type { TicketBooks } from "./tickets/books.ts";

/** What a client's packets in the capture prove that the capture can show. */
export interface Roles {
  readonly dns: boolean;
  readonly kdc: boolean;
}

/** Hundreds of thousands of clients share these few. */
const noRoles: Roles = { dns: false, kdc: false };
const dnsAlone: Roles = { dns: true, kdc: false };
const kdcAlone: Roles = { dns: false, kdc: true };
const both: Roles = { dns: true, kdc: true };

/** As the marks of a client say. */
export function rolesOf(marks: number): Roles {
  if ((marks & MARK.dns) === 0) return (marks & MARK.kdc) === 0 ? noRoles : kdcAlone;
  return (marks & MARK.kdc) === 0 ? dnsAlone : both;
}

/** The world around one client at the moment of judging. */
export interface Around {
  /** Time of the last frame read so far. */
  readonly now: Instant;
  readonly roles: Roles;
  /** A snap length cut what may be a login of the client, and what it asked of DNS. */
  readonly isLoginUnread: boolean;
  readonly areNamesUnread: boolean;
  /** What the whole capture shows of tickets. */
  readonly tickets: TicketBooks;
  /** Every packet of the client in the capture was to or from this peer. */
  talkedOnlyTo(peer: string): boolean;
  /** Somebody talked to this server, on that port (null: any), and a snap length cut what they said. */
  mayHide(address: string, port: number | null): boolean;
  /** A name for which DNS gave this address to any client. */
  nameOf(address: string): string | undefined;
}

/** How long a request must have gone unanswered, in capture time, before silence is evidence. */
export const WAITING_SECONDS = 5;

export function waitedSince(time: Instant, around: Around): boolean {
  return secondsBetween(time, around.now) >= WAITING_SECONDS;
}
