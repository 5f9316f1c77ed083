import type {
  Connection,
  ConnectionFailure,
  Direction,
  Endpoint,
  LostDatagram,
  NeighbourSilence,
  Unreachable,
} from "../model/connection.ts";
import type { DatagramView, Recognition } from "../model/packet.ts";
import type { Instant } from "../model/time.ts";

/** What `net` tells downstream. Called synchronously; views must not be kept past the call. */
export interface NetSink {
  /** Asked for every UDP datagram before addresses are turned into strings: cheap, by ports and first bytes. */
  wantsDatagram(sport: number, dport: number, bytes: Uint8Array, start: number, end: number): boolean;
  datagram(view: DatagramView): void;

  /**
   * Asked with the first in-order bytes of a connection's direction: what is it? Return null to be asked again with
   * more bytes (never for more than a few dozen bytes).
   */
  recognise(
    bytes: Uint8Array,
    start: number,
    end: number,
    senderPort: number,
    receiverPort: number,
  ): Recognition | null;
  /**
   * A snap length cut bytes of a connection before anybody could say whose they are: perhaps more than once of each.
   * Without a handshake the higher port is taken for the client's.
   */
  cutOpening(client: Endpoint, server: Endpoint, now: { readonly frame: number } & Instant): void;
  /** A recognised connection; `data` and the rest follow. */
  opened(connection: Connection, protocol: NonNullable<Recognition["protocol"]>): void;
  /** Bytes in order, each once. Returns false when nobody wants any more of this connection. */
  data(
    connection: Connection,
    direction: Direction,
    bytes: Uint8Array,
    start: number,
    end: number,
    /** Offset in the stream of bytes[start]. */
    offset: number,
    /** The frame that carried these bytes; the frame being read now (which made them deliverable) may be a later one. */
    frame: number,
    now: { readonly frame: number; readonly seconds: number; readonly nanos: number },
  ): boolean;
  /** `length` bytes of that direction will never come. */
  gap(connection: Connection, direction: Direction, length: number): void;
  /** No more bytes of this connection: closed, idle too long, or the capture ended. */
  finished(connection: Connection): void;

  failed(failure: ConnectionFailure): void;
  /** A connection failed whose client no call has named so far. False: `failed` has to tell all of it. */
  failedOfStranger(): boolean;
  unreachable(error: Unreachable): void;
  silentNeighbour(silence: NeighbourSilence): void;
  lostDatagram(datagram: LostDatagram): void;
}

/** What `net` remembers of who was seen talking, for those who must know what a capture could have shown. */
export interface Hosts {
  /** True when every packet of `address` in the capture (ARP, broadcasts and ESP aside) was to or from `peer`. */
  talkedOnlyTo(address: string, peer: string): boolean;
}
