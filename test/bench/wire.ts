/** Takes the bytes of a capture as they are made; a piece is only valid during the call. */
export type Sink = (bytes: Uint8Array) => void;

export const SYN = 2;
export const RST = 4;
export const ACK = 16;
export const PSH_ACK = 24;
export const FIN_ACK = 17;

const BUFFER = 1 << 20;
const LONGEST_FRAME = 70_000;
const RECORD = 16;
const ETHERNET = 14;
const IP = 20;
const START_SECONDS = 1_795_000_000;

/** IPv4 addresses are 32-bit numbers here: `10.x.y.z` is `TEN + n`. */
export const TEN = 0x0a000000;

/** Writes an Ethernet capture (pcap, microseconds) frame by frame into one buffer; checksums stay zero. */
export class Wire {
  frames = 0;
  bytes = 0;
  private readonly sink: Sink;
  private readonly buffer = new Uint8Array(BUFFER);
  private readonly view = new DataView(this.buffer.buffer);
  private used = 0;
  private micros = 0;
  private nextId = 1;

  constructor(sink: Sink) {
    this.sink = sink;
    this.view.setUint32(0, 0xa1b2c3d4, true);
    this.view.setUint32(4, 0x00040002, true);
    this.view.setUint32(16, 262_144, true);
    this.view.setUint32(20, 1, true);
    this.used = 24;
  }

  /** Lets capture time pass. */
  wait(micros: number): void {
    this.micros += micros;
  }

  /** Every `lossEvery`-th frame of the transport is not in the capture; 0: none is lost. */
  lossEvery = 0;
  private sent = 0;

  private isLost(): boolean {
    this.sent += 1;
    return this.lossEvery > 0 && this.sent % this.lossEvery === 0;
  }

  udp(src: number, dst: number, sport: number, dport: number, payload: Uint8Array): void {
    if (this.isLost()) return;
    const at = this.ip(src, dst, 17, 8 + payload.length);
    this.view.setUint32(at, ((sport << 16) | dport) >>> 0);
    this.view.setUint16(at + 4, 8 + payload.length);
    this.view.setUint16(at + 6, 0);
    this.buffer.set(payload, at + 8);
  }

  /** One piece of a datagram; `offset` in bytes, a multiple of 8. */
  fragment(src: number, dst: number, id: number, offset: number, more: boolean, payload: Uint8Array): void {
    const at = this.ip(src, dst, 17, payload.length, id, (more ? 0x2000 : 0) | (offset >> 3));
    this.buffer.set(payload, at);
  }

  tcp(ends: Ends, fromClient: boolean, flags: number, seq: number, ack: number, payload: Uint8Array = NOTHING): void {
    if (this.isLost()) return;
    const { client, server, clientPort, serverPort } = ends;
    const at = fromClient
      ? this.ip(client, server, 6, 20 + payload.length)
      : this.ip(server, client, 6, 20 + payload.length);
    this.view.setUint16(at, fromClient ? clientPort : serverPort);
    this.view.setUint16(at + 2, fromClient ? serverPort : clientPort);
    this.view.setUint32(at + 4, seq >>> 0);
    this.view.setUint32(at + 8, ack >>> 0);
    this.view.setUint32(at + 12, 0x5000ffff | (flags << 16));
    this.view.setUint32(at + 16, 0);
    this.buffer.set(payload, at + 20);
  }

  end(): void {
    this.sink(this.buffer.subarray(0, this.used));
    this.bytes += this.used;
    this.used = 0;
  }

  /** Record, Ethernet and IP header of a frame with so many bytes behind them, and where those begin. */
  private ip(src: number, dst: number, protocol: number, length: number, id = 0, place = 0x4000): number {
    if (this.used + LONGEST_FRAME > BUFFER) this.end();
    const { view, used } = this;
    this.micros += 10;
    const frame = ETHERNET + IP + length;
    view.setUint32(used, START_SECONDS + Math.floor(this.micros / 1_000_000), true);
    view.setUint32(used + 4, this.micros % 1_000_000, true);
    view.setUint32(used + 8, frame, true);
    view.setUint32(used + 12, frame, true);
    view.setUint32(used + 16, 0x02000000);
    view.setUint32(used + 20, 0x00020200);
    view.setUint32(used + 24, 0x00000001);
    view.setUint32(used + 28, 0x08004500);
    view.setUint16(used + 32, IP + length);
    view.setUint16(used + 34, id || this.nextId++ & 0xffff);
    view.setUint32(used + 36, (place << 16) | 0x4000 | protocol);
    view.setUint16(used + 40, 0);
    view.setUint32(used + 42, src >>> 0);
    view.setUint32(used + 46, dst >>> 0);
    this.used += RECORD + frame;
    this.frames++;
    return used + RECORD + ETHERNET + IP;
  }
}

const NOTHING = new Uint8Array(0);

export interface Ends {
  readonly client: number;
  readonly server: number;
  readonly clientPort: number;
  readonly serverPort: number;
}

const MSS = 1_460;

/** A TCP connection that is told in turns. */
export class Talk {
  private readonly wire: Wire;
  private readonly ends: Ends;
  private clientNext = 1_000;
  private serverNext = 2_000;

  constructor(wire: Wire, ends: Ends) {
    this.wire = wire;
    this.ends = ends;
    wire.tcp(ends, true, SYN, this.clientNext++, 0);
    wire.tcp(ends, false, SYN | ACK, this.serverNext++, this.clientNext);
    wire.tcp(ends, true, ACK, this.clientNext, this.serverNext);
  }

  ask(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += MSS) {
      const piece = bytes.subarray(at, at + MSS);
      this.wire.tcp(this.ends, true, PSH_ACK, this.clientNext, this.serverNext, piece);
      this.clientNext += piece.length;
    }
  }

  answer(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += MSS) {
      const piece = bytes.subarray(at, at + MSS);
      this.wire.tcp(this.ends, false, PSH_ACK, this.serverNext, this.clientNext, piece);
      this.serverNext += piece.length;
    }
    this.wire.tcp(this.ends, true, ACK, this.clientNext, this.serverNext);
  }

  close(): void {
    this.wire.tcp(this.ends, true, FIN_ACK, this.clientNext, this.serverNext);
    this.wire.tcp(this.ends, false, FIN_ACK, this.serverNext, this.clientNext + 1);
    this.wire.tcp(this.ends, true, ACK, this.clientNext + 1, this.serverNext + 1);
  }
}
