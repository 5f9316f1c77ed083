import type { DatagramView } from "../model/packet.ts";
import type { Addresses } from "./addresses.ts";
import type { Packet } from "./packet.ts";
import type { NetSink } from "./sink.ts";
import type { Twins } from "./twins.ts";
import { u16, u32 } from "./words.ts";

const NAT_TRAVERSAL = 4500;
const LOWEST_SPI = 256;

/** ESP in UDP (RFC 3948 section 2): no marker as IKE has, an index that is not reserved, whole words. */
function isEsp(bytes: Uint8Array, start: number, end: number, announced: number): boolean {
  return end - start >= 16 && (announced - start) % 4 === 0 && u32(bytes, start) >= LOWEST_SPI;
}

/** UDP (RFC 768): asks whether anybody wants the datagram before it makes text of its addresses. */
export class UdpReader {
  readonly #sink: NetSink;
  readonly #addresses: Addresses;
  readonly #twins: Twins;
  readonly #view: DatagramView = {
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    missing: 0,
    src: "",
    dst: "",
    sport: 0,
    dport: 0,
    frame: 0,
    frames: null,
    seconds: 0,
    nanos: 0,
  };

  constructor(sink: NetSink, addresses: Addresses, twins: Twins) {
    this.#sink = sink;
    this.#twins = twins;
    this.#addresses = addresses;
  }

  read(packet: Packet): void {
    const { bytes, at } = packet;
    const start = at + 8;
    if (start > packet.end) return;
    const length = u16(bytes, at + 4);
    // Length 0: a jumbogram (RFC 2675), or written before the network card cut the datagram up.
    if (length !== 0 && length < 8) return;
    const announced = length === 0 ? packet.end + packet.missing : at + length;
    const end = Math.min(packet.end, announced);
    const sport = u16(bytes, at);
    const dport = u16(bytes, at + 2);
    if (!this.#sink.wantsDatagram(sport, dport, bytes, start, end)) {
      if ((dport === NAT_TRAVERSAL || sport === NAT_TRAVERSAL) && isEsp(bytes, start, end, announced))
        packet.obstacle = "ESP";
      return;
    }
    if (this.#twins.isTwin(packet, packet.id !== 0)) return;
    const view = this.#view;
    view.bytes = bytes;
    view.start = start;
    view.end = end;
    view.missing = announced - end;
    view.src = this.#addresses.source(packet);
    view.dst = this.#addresses.destination(packet);
    view.sport = sport;
    view.dport = dport;
    view.frame = packet.frame;
    view.frames = packet.frames;
    view.seconds = packet.seconds;
    view.nanos = packet.nanos;
    this.#sink.datagram(view);
  }
}
