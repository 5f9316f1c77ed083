import type { Observation } from "../model/observation.ts";
import { isoTime } from "../model/time.ts";
import { clean } from "./clean.ts";
import { type Describe, type Lister, messagesOf, refTo } from "./lister.ts";
import { frameText } from "./words.ts";

/** The list for people: fixed columns, one line per message, tokens indented under their carrier. */
export function createLister(describe: Describe): Lister {
  return {
    begin: () => row("frame", "time (UTC)", "from", "to", "protocol", "description"),
    observation: (observation, placeOf = null) =>
      messagesOf(observation)
        .map((each, at) => line(observation, each, at, frameText(refTo(observation.frame, placeOf)), describe))
        .join(""),
  };
}

function line(
  observation: Observation,
  each: ReturnType<typeof messagesOf>[number],
  at: number,
  frame: string,
  describe: Describe,
): string {
  const time = isoTime(observation.time).slice(11, 26);
  const text = clean(describe(each.message));
  const summary = at === 0 ? text : `  ${text}`;
  return row(frame, time, clean(observation.src), clean(observation.dst), each.message.protocol, summary);
}

function row(frame: string, time: string, from: string, to: string, protocol: string, description: string): string {
  const cells = [frame.padStart(7), time.padEnd(15), from.padEnd(15), to.padEnd(15), protocol.padEnd(8), description];
  return `${cells.join("  ").trimEnd()}\n`;
}
