import type { Observation } from "../model/observation.ts";
import { isoTime } from "../model/time.ts";
import { clean } from "./clean.ts";
import { type Describe, type Lister, messagesOf } from "./lister.ts";

/** The list for people: fixed columns, one line per message, tokens indented under their carrier. */
export function createLister(describe: Describe): Lister {
  return {
    begin: () => row("frame", "time (UTC)", "from", "to", "protocol", "description"),
    observation: (observation) =>
      messagesOf(observation)
        .map((each, at) => line(observation, each, at, describe))
        .join(""),
  };
}

function line(
  observation: Observation,
  each: ReturnType<typeof messagesOf>[number],
  at: number,
  describe: Describe,
): string {
  const time = isoTime(observation.time).slice(11, 26);
  const text = clean(describe(each.message));
  const summary = at === 0 ? text : `  ${text}`;
  return row(
    String(observation.frame),
    time,
    clean(observation.src),
    clean(observation.dst),
    each.message.protocol,
    summary,
  );
}

function row(frame: string, time: string, from: string, to: string, protocol: string, description: string): string {
  const cells = [frame.padStart(7), time.padEnd(15), from.padEnd(15), to.padEnd(15), protocol.padEnd(8), description];
  return `${cells.join("  ").trimEnd()}\n`;
}
