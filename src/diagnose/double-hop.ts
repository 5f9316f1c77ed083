import { isNtlm } from "../correlate/attempts.ts";
import { attemptsOf } from "../correlate/legs.ts";
import type { Story } from "../correlate/story.ts";
import { isSameUser } from "./delegation.ts";

/** The story goes on for the user of its front: in the user's name, or as nobody for want of it. */
export function actsFor(story: Story): boolean {
  const { front } = story;
  if (!front) return false;
  return front.how !== "meanwhile" || isSameUser(story, front) || comesAsNobody(story);
}

/** Asked who it is, it gave no name, or that of its computer, or none at all; and no KDC was asked. */
export function comesAsNobody(story: Story): boolean {
  if (story.why?.what !== "no-tgs-req" && story.why?.what !== "not-presented") return false;
  if (story.quests.length > 0) return false;
  const attempts = attemptsOf(story.legs);
  if (attempts.every(({ token }) => token === "none")) return attempts.some((a) => a.offersKerberos);
  return nobodyOf(story) !== null;
}

/** The name with which it came over NTLM: empty, or a computer's account; null where it is a user's or not to be seen. */
export function nobodyOf(story: Story): string | null {
  for (const { exchange } of attemptsOf(story.legs)) {
    const message = isNtlm(exchange.request?.inside);
    if (message?.kind !== "AUTHENTICATE") continue;
    if (message.user === "" || message.user.endsWith("$")) return message.user;
  }
  return null;
}
