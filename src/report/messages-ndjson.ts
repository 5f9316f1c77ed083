import type { Message } from "../../dissectors/registry.ts";
import type { Observation } from "../model/observation.ts";
import { isoTime } from "../model/time.ts";
import { jsonText } from "./json-text.ts";
import { type Describe, type Lister, messagesOf } from "./lister.ts";
import { fieldsOf } from "./message-fields.ts";

/** The list for programs: one JSON object per line, keys as the contract names them. */
export function createLister(describe: Describe): Lister {
  return {
    begin: () => "",
    observation: (observation) =>
      messagesOf(observation)
        .map(({ message, via }) => `${jsonText(entry(observation, message, via, describe))}\n`)
        .join(""),
  };
}

function entry(observation: Observation, message: Message, via: string | null, describe: Describe): object {
  return {
    frame: observation.frame,
    frames: observation.frames,
    ...(observation.framesOmitted > 0 ? { framesOmitted: observation.framesOmitted } : {}),
    time: isoTime(observation.time),
    src: observation.src,
    dst: observation.dst,
    transport: observation.transport,
    sport: observation.sport,
    dport: observation.dport,
    protocol: message.protocol,
    ...(via === null ? {} : { via }),
    kind: message.kind,
    summary: describe(message),
    ...fieldsOf(message),
  };
}
