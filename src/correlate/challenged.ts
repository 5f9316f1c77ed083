import { secondsBetween } from "../model/time.ts";
import type { Attempt } from "./attempts.ts";
import type { Seen } from "./evidence.ts";
import { REPEAT_SECONDS } from "./legs.ts";
import type { Login } from "./logins.ts";
import type { Quest } from "./quests.ts";

/** Which challenge a search for a ticket answers. */

/** Of these the login that was challenged last before a frame. */
export function latestChallenged(before: number, logins: readonly Login[]): Login | undefined {
  let best: Login | undefined;
  let bestFrame = -1;
  for (const login of logins) {
    const frame = latestChallenge(login, before);
    if (frame <= bestFrame) continue;
    best = login;
    bestFrame = frame;
  }
  return best;
}

/** Frame of the last challenge before `before`; -1: there is none. */
export function latestChallenge({ legs }: Login, before: number): number {
  let latest = -1;
  for (const { attempts } of legs) {
    for (const attempt of attempts) {
      if (!mayBeChallenged(attempt)) continue;
      const { exchange } = attempt;
      const frame = exchange.response?.frame ?? exchange.frame;
      if (frame < before && frame > latest) latest = frame;
    }
  }
  return latest;
}

/** Challenged no longer than that before the search began, or while it went on. */
export function wasChallengedWithin(seconds: number, { legs }: Login, quest: Quest): boolean {
  return legs.some(({ attempts }) =>
    attempts.some((attempt) => {
      if (!mayBeChallenged(attempt)) return false;
      const { response, time } = attempt.exchange;
      return secondsBetween(response?.time ?? time, quest.time) <= seconds;
    }),
  );
}

/** It was challenged, and neither asked again nor left before this. */
export function isWaitingAt({ frame, time }: Seen, { legs }: Login): boolean {
  return legs.some(({ attempts, connection: { closed } }) =>
    attempts.some((attempt, at) => {
      const { response } = attempt.exchange;
      if (!response || !mayBeChallenged(attempt) || response.frame > frame) return false;
      const left = closed?.by === "client" ? closed.frame : null;
      const next = attempts[at + 1]?.exchange.frame ?? left ?? Number.POSITIVE_INFINITY;
      return frame < next && secondsBetween(response.time, time) <= REPEAT_SECONDS;
    }),
  );
}

/** Challenged, or answered by something that the capture lost. */
function mayBeChallenged({ offersKerberos, token, answer }: Attempt): boolean {
  return offersKerberos || (token === "none" && answer === "lost");
}
