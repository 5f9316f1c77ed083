import type { Observation } from "../model/observation.ts";
import type { ProblemSink } from "../model/problem.ts";
import type { NetSink } from "../net/sink.ts";
import type { Platform } from "../platform.ts";
import { readDatagram, wantsDatagram } from "./datagrams.ts";
import { Waiting } from "./framing/gather.ts";
import { HttpStreams } from "./framing/http-streams.ts";
import type { Piece } from "./framing/stream.ts";
import { OpenStreams } from "./open-streams.ts";
import { Outlet } from "./outlet.ts";
import { recognise } from "./recognise.ts";
import { openStream } from "./streams.ts";

/** The part of what `net` tells that is bytes of protocols. */
export interface Dispatch extends Pick<NetSink, "wantsDatagram" | "recognise" | "opened" | "data" | "finished"> {
  /** False where nothing of it could be read. */
  datagram(...told: Parameters<NetSink["datagram"]>): boolean;
  /** Whether the bytes may belong to a message that somebody reads. */
  gap(...told: Parameters<NetSink["gap"]>): boolean;
}

/** Opens the room that finds messages in datagrams and streams and tells them as observations. */
export function openDispatch(
  emit: (observation: Observation) => void,
  problem: ProblemSink,
  platform: Platform,
): Dispatch {
  const outlet = new Outlet(emit, problem, (cipher) => platform.fingerprint(cipher));
  const waiting = new Waiting(problem);
  const https = new HttpStreams(outlet, waiting);
  const streams = new OpenStreams(https);
  const piece: Piece = {
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    offset: 0,
    frame: 0,
    now: { seconds: 0, nanos: 0 },
  };

  return {
    wantsDatagram,
    datagram: (view) => readDatagram(outlet, view),
    recognise,
    opened(connection, protocol) {
      streams.set(connection, openStream(outlet, waiting, https, connection, protocol));
    },
    data(connection, direction, bytes, start, end, offset, frame, now) {
      piece.bytes = bytes;
      piece.start = start;
      piece.end = end;
      piece.offset = offset;
      piece.frame = frame;
      piece.now = now;
      const stream = streams.get(connection);
      const goesOn = stream?.data(piece, direction) ?? false;
      if (stream !== null && goesOn) streams.rest(connection, stream);
      else streams.finish(connection);
      return goesOn;
    },
    gap: (connection, direction, length) => streams.get(connection)?.gap(direction, length) ?? false,
    finished: (connection) => streams.finish(connection),
  };
}
