import type { Message } from "../../dissectors/registry.ts";
import type { Observation } from "../model/observation.ts";
import { isoTime } from "../model/time.ts";
import { jsonText } from "./json-text.ts";
import { type Describe, type Lister, messagesOf, type PlaceOf, refTo } from "./lister.ts";
import { fieldsOf } from "./message-fields.ts";

/** The list for programs: one JSON object per line, keys as the contract names them. */
export function createLister(describe: Describe): Lister {
  return {
    begin: () => "",
    observation: (observation, placeOf = null) =>
      messagesOf(observation)
        .map(({ message, via }) => `${jsonText(entry(observation, message, via, placeOf, describe))}\n`)
        .join(""),
  };
}

function entry(
  observation: Observation,
  message: Message,
  via: string | null,
  placeOf: PlaceOf | null,
  describe: Describe,
): object {
  return {
    frame: refTo(observation.frame, placeOf),
    frames: observation.frames.map((frame) => refTo(frame, placeOf)),
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
