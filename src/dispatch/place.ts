import type { Connection, Direction } from "../model/connection.ts";
import { FROM_CLIENT } from "../model/connection.ts";
import type { DatagramView } from "../model/packet.ts";
import type { Instant } from "../model/time.ts";
import type { FrameList } from "./frame-list.ts";
import type { Place } from "./outlet.ts";

/** The place of a message that ended at `endOffset` of its direction. */
export function placeInStream(
  connection: Connection,
  direction: Direction,
  frames: FrameList,
  endOffset: number,
  now: Instant,
): Place {
  const { client, server } = connection;
  const [from, to] = direction === FROM_CLIENT ? [client, server] : [server, client];
  const { frame, frames: listed, framesOmitted } = frames.list();
  return {
    frame,
    frames: listed,
    framesOmitted,
    time: { seconds: now.seconds, nanos: now.nanos },
    src: from.address,
    dst: to.address,
    sport: from.port,
    dport: to.port,
    transport: "tcp",
    connection,
    direction,
    endOffset,
  };
}

export function placeOfDatagram(view: DatagramView, direction: Direction): Place {
  return {
    frame: view.frame,
    frames: view.frames === null ? [view.frame] : view.frames.slice(),
    framesOmitted: 0,
    time: { seconds: view.seconds, nanos: view.nanos },
    src: view.src,
    dst: view.dst,
    sport: view.sport,
    dport: view.dport,
    transport: "udp",
    connection: null,
    direction,
    endOffset: 0,
  };
}
