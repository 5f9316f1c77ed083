import { attemptsOf } from "../../correlate/legs.ts";
import { isTicketGranting } from "../../correlate/names.ts";
import { type Quest, tgsRequest } from "../../correlate/quests.ts";
import type { Story } from "../../correlate/story.ts";
import { delegationOf, selfIssues, userPart } from "../delegation.ts";
import { framesOfAttempt, framesOfExchange, framesOfQuest } from "../evidence-frames.ts";
import { noAdvice, type Rule } from "../rule.ts";

/** The name of whoever asks, as an S4U2self or the sign-on before it says. */
function isOwn(cname: string, story: Story, sname: string | null): boolean {
  const own = [sname, story.signOn?.cname].flatMap((name) => (name ? [userPart(name)] : []));
  return own.includes(userPart(cname));
}

const unsupported: Rule = {
  id: "del-s4u-unsupported",
  severity: "warning",
  about: ["quests", "delegation"],
  title: "The KDC gave the service a ticket in its own name, not in the user's",
  specs: ["MS-SFU section 3.1.5.1.2"],
  check(story) {
    for (const quest of story.quests) {
      const own = quest.delegation === null ? undefined : selfIssues(quest).find((x) => ignoresUser(x, story));
      const reply = own?.reply?.message;
      if (!own || reply?.kind !== "TGS-REP") continue;
      return {
        detail: `The request named ${tgsRequest(own)?.forUser} (S4U2self); the ticket that came is for ${reply.cname}.`,
        frames: framesOfExchange(own),
        step: 6,
      };
    }
    return null;
  },
  advise: () => ({
    causes: ["a KDC that does not know S4U: too old, or not of Windows"],
    confirm: [],
    fix: ["ask a domain controller of Windows Server 2003 or later, or a KDC that knows S4U2self"],
  }),
};

function ignoresUser(x: Quest["exchanges"][number], story: Story): boolean {
  const request = tgsRequest(x);
  const reply = x.reply?.message;
  if (!request?.forUser || reply?.kind !== "TGS-REP") return false;
  // On the way to another realm the tickets for KDCs are the asker's own.
  if (isTicketGranting(reply.ticket.sname) || userPart(reply.cname) === userPart(request.forUser)) return false;
  return isOwn(reply.cname, story, request.sname);
}

const used: Rule = {
  id: "delegation-used",
  severity: "info",
  about: ["quests", "delegation"],
  title: "A service acts for a user",
  specs: ["MS-SFU section 1.3"],
  check(story) {
    const delegated = delegationOf(story);
    if (!delegated || story.why?.what === "tgs-refused") return null;
    const { quest, kind, by, forUser } = delegated;
    const who = by ?? story.client.name ?? story.client.address;
    const target =
      quest?.delegation === "s4u2self" ? "itself" : (story.service.spn ?? story.service.host ?? "a service");
    const asked = quest ? framesOfQuest(quest) : attemptsOf(story.legs).flatMap(framesOfAttempt);
    return {
      detail: `${who} (${story.client.address}) goes to ${target} in the name of ${forUser ?? "a user"}: ${kind}.`,
      frames: [...(story.front?.frames ?? []), ...asked],
      step: 5,
    };
  },
  advise: () => noAdvice,
};

/** What S4U shows beside the verdict. */
export const s4uNotes: readonly Rule[] = [unsupported, used];
