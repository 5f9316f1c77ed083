import type { KdcExchange } from "../../correlate/evidence.ts";
import { attemptsOf, type Leg } from "../../correlate/legs.ts";
import { those } from "../../correlate/order.ts";
import { framesOfExchange } from "../evidence-frames.ts";
import { exchangesOf } from "../exchanges.ts";
import type { Rule } from "../rule.ts";
import { noAdvice } from "../rule.ts";

const startedLate: Rule = {
  id: "cap-started-late",
  severity: "info",
  about: ["joined-late"],
  title: "The capture began after the connection",
  specs: [],
  check(story) {
    const late = story.legs.find(isJoinedLate);
    if (!late || story.missing === "started-late") return null;
    return {
      detail: "The connection's handshake is not in the file: what came before is unknown.",
      frames: [late.connection.firstFrame],
    };
  },
  advise: () => noAdvice,
};

const isJoinedLate = ({ connection }: Leg) => !connection.synSeen;

const halfSeen: Rule = {
  id: "cap-one-sided",
  severity: "info",
  about: ["ok"],
  title: "One side of an exchange is not in the capture",
  specs: [],
  check(story) {
    const halves = those(exchangesOf(story), isHalf);
    const legs = those(story.legs, isOneSided);
    if (legs.length === 0 && halves.length === 0) return null;
    const isProven = attemptsOf(story.legs).some((a) => a.token === "kerberos");
    if (legs.length === 0 && (halves.length === 0 || !isProven || story.quests.some((q) => q.ticket))) {
      const lone = halves.find((x) => x.request === null);
      return lone ? hit(framesOfExchange(lone)) : null;
    }
    return hit([...halves.flatMap(framesOfExchange), ...legs.map((leg) => leg.connection.firstFrame)]);
  },
  advise: () => noAdvice,
};

const isHalf = ({ request, reply }: KdcExchange) => (request === null) !== (reply === null);
const isOneSided = ({ connection: { frames } }: Leg) => frames[0] === 0 || frames[1] === 0;

function hit(frames: readonly number[]) {
  return {
    detail: "Requests or replies are missing from the file, though the other side shows that they were sent.",
    frames,
  };
}

/** What the capture did not see of a login that can be judged all the same. */
export const captureNoteRules: readonly Rule[] = [startedLate, halfSeen];
