import { etypeName } from "../../../dissectors/kerberos/codes.ts";
import type { Attempt } from "../../correlate/attempts.ts";
import type { Story } from "../../correlate/story.ts";
import type { ServiceKey } from "../../correlate/tickets/keys.ts";
import type { Hit } from "../rule.ts";
import { isFromBefore } from "../ticket-facts.ts";

/** What the rest of the capture says of a ticket that a service refused. */
export interface PresentedTicket {
  /** `fresh`: the login itself got it. `cached`: the client had it already. */
  readonly age: "fresh" | "cached" | "unknown";
  /** A key of another version, or of another type, with which the same server took tickets for the same name. */
  readonly otherVersion: ServiceKey | null;
  readonly otherType: ServiceKey | null;
}

export function presentedTicket(story: Story, { apReq, exchange }: Attempt): PresentedTicket {
  const ticket = apReq?.ticket;
  if (!ticket || story.tickets === null) return { age: "unknown", otherVersion: null, otherType: null };
  const others = story.tickets.keys.acceptedInstead(ticket, exchange.connection.server.address);
  const isFresh = story.quests.some((quest) => quest.ticket?.fingerprint === ticket.fingerprint);
  const isKnown = story.tickets.lineage.originOf(ticket.fingerprint) !== null;
  return {
    age: isFresh ? "fresh" : isKnown || isFromBefore(ticket, story) ? "cached" : "unknown",
    otherVersion: others.find(({ kvno }) => kvno !== null && ticket.kvno !== null && kvno !== ticket.kvno) ?? null,
    otherType: others.find(({ etype, kvno }) => kvno === ticket.kvno && etype !== ticket.etype) ?? null,
  };
}

/** The key that works, as a sentence. */
export function otherKeyWords({ otherVersion, otherType }: PresentedTicket): string {
  const other = otherVersion ?? otherType;
  if (!other?.accepted) return "";
  const what = otherVersion ? `with kvno ${other.kvno}` : `of type ${etypeName(other.etype)}`;
  return ` The same server accepted a ticket for the same name ${what}, from ${other.accepted.by}.`;
}

/** The message that shows that it works. */
export function otherKeyFrames({ otherVersion, otherType }: PresentedTicket): number[] {
  const accepted = (otherVersion ?? otherType)?.accepted;
  return accepted ? [accepted.frame] : [];
}

export function ageWords({ age }: PresentedTicket): string {
  return age === "cached" ? " The client had the ticket already: no KDC issued it for this login." : "";
}

/** Why one key version works and the other does not, likeliest first; nothing where none is known to work. */
export function versionCauses({ otherVersion }: PresentedTicket, attempt: Attempt): string[] {
  const kvno = attempt.apReq?.ticket.kvno ?? null;
  if (otherVersion?.kvno == null || kvno === null) return [];
  const accounts = "the SPN is on two accounts, or was moved from one to the other";
  return otherVersion.kvno > kvno
    ? ["the key was changed after the client got its ticket: the ticket is of the old key", accounts]
    : ["the service still works with the old key: its password was changed, and it was not told", accounts];
}

/** Where a refused ticket came from, and which other key works. */
export function originWords(story: Story, attempt: Attempt): string {
  const presented = presentedTicket(story, attempt);
  return `${ageWords(presented)}${otherKeyWords(presented)}`;
}

/** A key version that works elsewhere explains a refusal better than anything else. */
export function withVersionCauses(story: Story, attempt: Attempt, causes: readonly string[]): Pick<Hit, "causes"> {
  const first = versionCauses(presentedTicket(story, attempt), attempt);
  return first.length === 0 ? {} : { causes: [...first, ...causes] };
}
