import { limits } from "./bytes/limits.ts";
import type { Story } from "./correlate/story.ts";

/** Finds the sequence that a delegated one serves: the one in which the user's ticket, now evidence, was presented. */
export class FrontSequences {
  private readonly byTicket = new Map<string, string>();

  /** The id of the front sequence of `story`, which gets `id`; null where the capture does not show one. */
  follow(story: Story, id: string): string | null {
    for (const leg of story.legs) {
      for (const { apReq } of leg.attempts) if (apReq) this.note(apReq.ticket.fingerprint, id);
    }
    for (const quest of story.quests) {
      for (const ticket of quest.evidence) {
        const front = this.byTicket.get(ticket);
        if (front !== undefined) return front;
      }
    }
    return null;
  }

  private note(ticket: string, id: string): void {
    if (this.byTicket.has(ticket)) return;
    const oldest = this.byTicket.keys().next();
    if (this.byTicket.size >= limits.ticketsFollowed && !oldest.done) this.byTicket.delete(oldest.value);
    this.byTicket.set(ticket, id);
  }
}
