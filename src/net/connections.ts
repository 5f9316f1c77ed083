import type { Connection, Endpoint } from "../model/connection.ts";
import type { Addresses } from "./addresses.ts";
import type { FlowBook } from "./flow-book.ts";
import { ACK_FRAME, ADDRESS_0, ADDRESS_1, COUNTS, FIRST_FRAME, SYN_ACK_FRAME, SYN_FRAME, VERSION_6 } from "./flows.ts";
import type { Packet } from "./packet.ts";

/** The ends of a flow by side. */
export function endpointsOf(book: FlowBook, row: number, addresses: Addresses): readonly [Endpoint, Endpoint] {
  const version = book.has(row, VERSION_6) ? 6 : 4;
  return [
    { address: addresses.text(version, book.word(row, ADDRESS_0)), port: book.port(row, 0) },
    { address: addresses.text(version, book.word(row, ADDRESS_1)), port: book.port(row, 1) },
  ];
}

/** The record of a connection at the moment it is recognised, with what its row remembers of the frames before. */
export function newConnection(
  id: number,
  book: FlowBook,
  row: number,
  clientSide: 0 | 1,
  around: { readonly addresses: Addresses; readonly packet: Packet },
): Connection {
  const ends = endpointsOf(book, row, around.addresses);
  const syn = book.word(row, SYN_FRAME);
  const synAck = book.word(row, SYN_ACK_FRAME);
  const handshake = [syn, synAck, book.word(row, ACK_FRAME)].filter((frame) => frame !== 0);
  const counts = book.word(row, COUNTS);
  const [frames0, frames1] = [counts & 0xffff, counts >>> 16];
  return {
    id,
    client: ends[clientSide],
    server: ends[clientSide === 0 ? 1 : 0],
    handshake: handshake.sort((a, b) => a - b),
    synSeen: syn !== 0 || synAck !== 0,
    firstFrame: book.word(row, FIRST_FRAME),
    firstTime: book.firstTime(row),
    lastFrame: around.packet.frame,
    lastTime: { seconds: around.packet.seconds, nanos: around.packet.nanos },
    acked: [0, 0],
    seen: [0, 0],
    frames: clientSide === 0 ? [frames0, frames1] : [frames1, frames0],
    lost: [0, 0],
    retransmitted: [0, 0],
    largestSegment: [0, 0],
    largestAcked: [0, 0],
    closed: null,
    reset: null,
  };
}
