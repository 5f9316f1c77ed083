import type { Connection, Direction } from "../model/connection.ts";
import { FROM_CLIENT, FROM_SERVER } from "../model/connection.ts";
import type { DatagramView } from "../model/packet.ts";
import type { Instant } from "../model/time.ts";
import type { FrameList } from "./frame-list.ts";
import type { Place } from "./sighting.ts";

/** One object, rewritten for every message: good until the next one is placed. */
const place: Place = {
  frame: 0,
  several: null,
  time: { seconds: 0, nanos: 0 },
  src: "",
  dst: "",
  sport: 0,
  dport: 0,
  connection: null,
  direction: FROM_SERVER,
  endOffset: 0,
};

/** The place of a message that ended at `endOffset` of its direction. */
export function placeInStream(
  connection: Connection,
  direction: Direction,
  frames: FrameList,
  endOffset: number,
  now: Instant,
): Place {
  const from = direction === FROM_CLIENT ? connection.client : connection.server;
  const to = direction === FROM_CLIENT ? connection.server : connection.client;
  const several = frames.several();
  place.frame = several?.frames.at(-1) ?? frames.only;
  place.several = several;
  place.time = { seconds: now.seconds, nanos: now.nanos };
  place.src = from.address;
  place.dst = to.address;
  place.sport = from.port;
  place.dport = to.port;
  place.connection = connection;
  place.direction = direction;
  place.endOffset = endOffset;
  return place;
}

export function placeOfDatagram(view: DatagramView, direction: Direction): Place {
  place.frame = view.frame;
  place.several = view.frames === null ? null : { frames: view.frames.slice(), framesOmitted: 0 };
  place.time = { seconds: view.seconds, nanos: view.nanos };
  place.src = view.src;
  place.dst = view.dst;
  place.sport = view.sport;
  place.dport = view.dport;
  place.connection = null;
  place.direction = direction;
  place.endOffset = 0;
  return place;
}
