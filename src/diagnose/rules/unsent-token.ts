import type { Attempt } from "../../correlate/attempts.ts";
import { attemptsOf } from "../../correlate/legs.ts";
import type { Story, Why } from "../../correlate/story.ts";
import { framesOfAttempt } from "../evidence-frames.ts";
import { ntlmReason } from "../ntlm-reason.ts";
import type { Ending } from "../subjects.ts";

/** The client was asked for a token and sent none of Kerberos. */
export function unsent(story: Story): Extract<Why, { what: "no-tgs-req" | "not-presented" }> | null {
  const why = story.why;
  if (why?.what === "no-tgs-req") return why;
  return why?.what === "not-presented" && why.quest === null ? why : null;
}

export const unsentEnds: readonly Ending[] = ["no-tgs-req", "not-presented"];

export function insteadOf(story: Story): Attempt | null {
  return attemptsOf(story.legs).find((a) => a.token !== "none") ?? null;
}

/** What the capture allows to say about the ticket that was not asked for. */
export function visibility(story: Story): string {
  if (!story.showsMore)
    return "The capture holds nothing of this client but its connection to the service: whether it asked a KDC cannot be seen.";
  return story.hasKdcTraffic
    ? "The capture holds Kerberos traffic of this client, but no TGS-REQ for this service."
    : "No Kerberos traffic of this client is in the capture: none was sent, or it was not captured.";
}

export function challengeFrames(story: Story): number[] {
  const attempts = attemptsOf(story.legs);
  return attempts
    .filter((a) => a.offersKerberos)
    .slice(0, 4)
    .flatMap(framesOfAttempt);
}

/** Why it took NTLM; of another mechanism, what is to be seen of the ticket. */
export const whyNtlm = (story: Story) => ntlmReason(story)?.says ?? visibility(story);

export const klist = ["klist", "klist tgt"];
