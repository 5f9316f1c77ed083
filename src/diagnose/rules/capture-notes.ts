import { attemptsOf } from "../../correlate/legs.ts";
import { framesOfExchange } from "../evidence-frames.ts";
import type { Rule } from "../rule.ts";
import { noAdvice } from "../rule.ts";

const startedLate: Rule = {
  id: "cap-started-late",
  severity: "info",
  about: "legs",
  title: "The capture began after the connection",
  specs: [],
  check(story) {
    const late = story.legs.find((leg) => !leg.connection.synSeen);
    if (!late) return null;
    return {
      detail: "The connection's handshake is not in the file: what came before is unknown.",
      frames: [late.connection.firstFrame],
    };
  },
  advise: () => noAdvice,
};

const halfSeen: Rule = {
  id: "cap-one-sided",
  severity: "info",
  title: "One side of an exchange is not in the capture",
  specs: [],
  check(story) {
    if (story.verdict !== "ok") return null;
    const halves = story.quests.flatMap((q) => q.exchanges).filter((x) => (x.request === null) !== (x.reply === null));
    const isProven = attemptsOf(story.legs).some((a) => a.token === "kerberos");
    const legs = story.legs.filter((leg) => leg.connection.frames.some((count) => count === 0));
    if (legs.length === 0 && (halves.length === 0 || !isProven || story.quests.some((q) => q.ticket))) {
      const lone = halves.find((x) => x.request === null);
      return lone ? hit(framesOfExchange(lone)) : null;
    }
    return hit([...halves.flatMap(framesOfExchange), ...legs.map((leg) => leg.connection.firstFrame)]);
  },
  advise: () => noAdvice,
};

function hit(frames: readonly number[]) {
  return {
    detail: "Requests or replies are missing from the file, though the other side shows that they were sent.",
    frames,
  };
}

/** What the capture did not see of a login that can be judged all the same. */
export const captureNoteRules: readonly Rule[] = [startedLate, halfSeen];
