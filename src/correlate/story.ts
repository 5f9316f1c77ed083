import type { ConnectionFailure, LostDatagram, NeighbourSilence, Unreachable } from "../model/connection.ts";
import type { Client, Outcome, Service, Verdict } from "../model/report.ts";
import type { Kind } from "../model/steps.ts";
import type { Attempt, Token } from "./attempts.ts";
import type { DnsLookup, KdcExchange, SealedConnection } from "./evidence.ts";
import type { Leg } from "./legs.ts";
import type { DcSearch } from "./locator.ts";
import type { PingedDc } from "./locator-fates.ts";
import type { Naming } from "./naming.ts";
import type { PasswordTrouble } from "./password-changes.ts";
import type { Quest } from "./quests.ts";
import type { SignOn } from "./signons.ts";
import type { StepDraft } from "./step-draft.ts";
import type { TicketBooks } from "./tickets/books.ts";
import type { TokenUse } from "./uses.ts";

/** What the judge saw happen where the documented sequence was left. Rules put a name and causes to it. */
export type Why =
  | { readonly what: "not-resolved" }
  | { readonly what: "not-connected" }
  | { readonly what: "undelivered"; readonly attempt: Attempt }
  | { readonly what: "unanswered"; readonly attempt: Attempt }
  | { readonly what: "not-challenged"; readonly attempt: Attempt }
  | { readonly what: "no-kerberos-offered"; readonly attempt: Attempt }
  | { readonly what: "no-tgs-req"; readonly challenge: Attempt | null; readonly instead: Attempt | null }
  | { readonly what: "kdc-unreachable"; readonly challenge: Attempt | null }
  | { readonly what: "tgs-undelivered"; readonly quest: Quest; readonly exchange: KdcExchange }
  | { readonly what: "tgs-refused"; readonly quest: Quest }
  | { readonly what: "tgs-silent"; readonly quest: Quest }
  | { readonly what: "referral-not-followed"; readonly quest: Quest }
  | { readonly what: "not-presented"; readonly quest: Quest | null; readonly challenge: Attempt | null }
  | { readonly what: "ap-refused"; readonly attempt: Attempt }
  | { readonly what: "password-refused"; readonly attempt: Attempt }
  | { readonly what: "ap-too-large"; readonly attempt: Attempt }
  | { readonly what: "ap-unanswered"; readonly attempt: Attempt }
  | { readonly what: "as-refused"; readonly signOn: SignOn }
  | { readonly what: "as-silent"; readonly signOn: SignOn }
  | { readonly what: "as-unreachable" }
  | { readonly what: "dc-by-netbios" }
  | { readonly what: "dc-not-in-dns" }
  | { readonly what: "dc-without-address" }
  | { readonly what: "dc-not-found" };

/** Why an incomplete sequence is incomplete: what the capture does not show. */
export type Missing =
  | "ended-early"
  | "one-sided"
  | "lost"
  | "not-repeated"
  | "cut"
  | "encrypted"
  | "service-leg"
  | "server-error"
  | "names-only"
  | "preauth-only"
  | "started-late"
  | "no-ping";

/** Connections and datagrams on the way to a KDC that led nowhere. */
export interface KdcTrouble {
  readonly failures: readonly ConnectionFailure[];
  readonly unreachable: readonly Unreachable[];
  readonly silences: readonly NeighbourSilence[];
  readonly lostDatagrams: readonly LostDatagram[];
  /** The client's sign-on before it was left unanswered, as far as the capture can show. */
  readonly isSignOnSilent: boolean;
  /** Of a login that diverged: `_kerberos…` look-ups. */
  readonly lookups: readonly DnsLookup[];
  /** Of the same: address look-ups without an address, of names that may be a KDC's. */
  readonly targets: readonly DnsLookup[];
}

/** One judged sequence with the evidence for it: what `diagnose` reads. */
export interface Story {
  readonly kind: Kind;
  readonly client: Client;
  readonly service: Service;
  readonly verdict: Verdict;
  readonly divergedAt: number | null;
  readonly outcome: Outcome;
  readonly why: Why | null;
  readonly missing: Missing | null;
  readonly steps: readonly StepDraft[];
  readonly frame: number;
  /** The capture also shows something else of this client than its packets to the service. */
  readonly showsMore: boolean;
  readonly hasKdcTraffic: boolean;

  readonly lookups: readonly DnsLookup[];
  readonly legs: readonly Leg[];
  readonly sealed: readonly SealedConnection[];
  readonly quests: readonly Quest[];
  /** Requests for TGTs that the client hands to the service: unconstrained delegation. */
  readonly handedOver: readonly KdcExchange[];
  /** Log-ons over protocols without a kind of sequence, for which the ticket was asked. */
  readonly uses: readonly TokenUse[];
  readonly failures: readonly ConnectionFailure[];
  readonly silences: readonly NeighbourSilence[];
  readonly unreachable: readonly Unreachable[];
  readonly kdcTrouble: KdcTrouble;
  /** After a ticket for it: what came of changing the password. */
  readonly passwordTrouble: PasswordTrouble;
  /** AS exchanges of the client before or during the login; the last one that matters is `signOn`. */
  readonly signOn: SignOn | null;
  /** What the whole capture shows of tickets; null where the story holds none. */
  readonly tickets: TicketBooks | null;
  /** The search for a domain controller that a `dc-locator` is about. */
  readonly locator: DcLocator | null;
  /** The search for a domain controller that found none, just before a login that got no ticket. */
  readonly lostSearch: DcLocator | null;
  readonly naming: Naming;
  /** Known once the sequences stand in their order; null in most. */
  readonly front: Front | null;
}

/** A story that is being told. */
export type StoryDraft = { -readonly [K in keyof Story]: Story[K] };

/** The login at this story's client, there a server, for which it goes on to the next one. */
export interface Front {
  readonly id: string;
  /** It hands in the user's ticket, it has the TGT that the user handed over, or it had the user wait meanwhile. */
  readonly how: "evidence" | "handed-over" | "meanwhile";
  readonly user: string | null;
  readonly realm: string | null;
  readonly client: string;
  /** Of its ticket, where one is to be seen; else it is called by its host. */
  readonly spn: string | null;
  readonly host: string | null;
  readonly token: Token;
  /** The token held a TGT of the user; null: that cannot be told. */
  readonly handsOver: boolean | null;
  /** The request with the token, and the answer to it. */
  readonly frames: readonly number[];
}

export interface DcLocator {
  readonly search: DcSearch;
  /** Every domain controller that was pinged, in order of first pings. */
  readonly dcs: readonly PingedDc[];
}
