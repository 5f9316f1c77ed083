import type { Addresses } from "./addresses.ts";
import type { PeerBook } from "./hosts.ts";
import type { Bounds, Packet, TellOnce } from "./packet.ts";
import type { NetSink } from "./sink.ts";
import type { Twins } from "./twins.ts";

/** What the parts of TCP share. */
export interface Room {
  readonly sink: NetSink;
  readonly bounds: Bounds;
  readonly packet: Packet;
  readonly addresses: Addresses;
  readonly peers: PeerBook;
  readonly twins: Twins;
  readonly tell: TellOnce;
}
