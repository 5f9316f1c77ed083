/** Builds captures byte by byte, for the tests of the reading room. */
export type Order = "little" | "big";

export class Bytes {
  private readonly parts: Uint8Array[] = [];
  private readonly little: boolean;

  constructor(order: Order = "little") {
    this.little = order === "little";
  }

  u16(...values: number[]): this {
    return this.numbers(values, 2, (view, at, value) => view.setUint16(at, value, this.little));
  }

  u32(...values: number[]): this {
    return this.numbers(values, 4, (view, at, value) => view.setUint32(at, value, this.little));
  }

  i64(value: bigint): this {
    return this.numbers([0], 8, (view, at) => view.setBigInt64(at, value, this.little));
  }

  raw(bytes: Uint8Array | readonly number[]): this {
    this.parts.push(Uint8Array.from(bytes));
    return this;
  }

  done(): Uint8Array {
    return concat(this.parts);
  }

  private numbers(values: number[], width: number, set: (view: DataView, at: number, value: number) => void): this {
    const view = new DataView(new ArrayBuffer(values.length * width));
    values.forEach((value, index) => {
      set(view, index * width, value);
    });
    this.parts.push(new Uint8Array(view.buffer));
    return this;
  }
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** `length` bytes that differ from packet to packet. */
export function payload(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + seed * 31 + 1) & 0xff);
}

export interface PcapOptions {
  readonly order?: Order;
  readonly magic?: number;
  readonly major?: number;
  readonly minor?: number;
  readonly snapLength?: number;
  readonly linkWord?: number;
  /** Bytes behind the file header and behind every record header. */
  readonly fileExtra?: readonly number[];
  readonly recordExtra?: readonly number[];
  readonly swapped?: boolean;
}

export interface Packet {
  readonly seconds: number;
  readonly fraction: number;
  readonly data: Uint8Array;
  readonly original?: number;
}

export function pcapHeader(options: PcapOptions = {}): Uint8Array {
  const { order = "little", magic = 0xa1b2c3d4, major = 2, minor = 4, snapLength = 65535, linkWord = 1 } = options;
  const bytes = new Bytes(order).u32(magic).u16(major, minor).u32(0, 0, snapLength, linkWord);
  return bytes.raw(options.fileExtra ?? []).done();
}

export function pcapRecord(packet: Packet, options: PcapOptions = {}): Uint8Array {
  const { data, original = data.length } = packet;
  const lengths = options.swapped ? [original, data.length] : [data.length, original];
  const header = new Bytes(options.order).u32(packet.seconds, packet.fraction, ...lengths);
  return header
    .raw(options.recordExtra ?? [])
    .raw(data)
    .done();
}

export function pcap(packets: readonly Packet[], options: PcapOptions = {}): Uint8Array {
  return concat([pcapHeader(options), ...packets.map((packet) => pcapRecord(packet, options))]);
}

export function somePackets(count: number, longest = 90): Packet[] {
  return Array.from({ length: count }, (_, index) => ({
    seconds: 1_700_000_000 + index,
    fraction: index * 1000 + 7,
    data: payload((index * 37) % longest, index),
  }));
}

/** A pcapng block with both lengths, its body padded. */
export function block(type: number, body: Uint8Array, order: Order = "little"): Uint8Array {
  const padding = (4 - (body.length % 4)) % 4;
  const length = 12 + body.length + padding;
  return new Bytes(order).u32(type, length).raw(body).raw(new Uint8Array(padding)).u32(length).done();
}

export function section(order: Order = "little", major = 1, options: Uint8Array = new Uint8Array(0)): Uint8Array {
  const body = new Bytes(order).u32(0x1a2b3c4d).u16(major, 0).i64(-1n).raw(options).done();
  return block(0x0a0d0d0a, body, order);
}

export interface InterfaceOptions {
  readonly linkType?: number;
  readonly snapLength?: number;
  readonly resolution?: number;
  readonly offset?: bigint;
  readonly order?: Order;
}

export function interfaceBlock(options: InterfaceOptions = {}): Uint8Array {
  const { linkType = 1, snapLength = 0, order = "little" } = options;
  const body = new Bytes(order).u16(linkType, 0).u32(snapLength);
  if (options.resolution !== undefined) body.u16(9, 1).raw([options.resolution, 0, 0, 0]);
  if (options.offset !== undefined) body.u16(14, 8).i64(options.offset);
  return block(1, body.u16(0, 0).done(), order);
}

export interface PacketBlock {
  readonly time?: bigint;
  readonly data: Uint8Array;
  readonly captured?: number;
  readonly original?: number;
  readonly iface?: number;
  readonly order?: Order;
}

export function enhancedPacket(packet: PacketBlock): Uint8Array {
  const { time = 0n, data, captured = data.length, original = data.length, iface = 0, order = "little" } = packet;
  const body = new Bytes(order).u32(iface, Number(time >> 32n), Number(time & 0xffffffffn), captured, original);
  return block(6, body.raw(data).done(), order);
}

export function obsoletePacket(packet: PacketBlock): Uint8Array {
  const { time = 0n, data, captured = data.length, original = data.length, iface = 0, order = "little" } = packet;
  const body = new Bytes(order).u16(iface, 0).u32(Number(time >> 32n), Number(time & 0xffffffffn), captured, original);
  return block(2, body.raw(data).done(), order);
}

export function simplePacket(data: Uint8Array, original = data.length, order: Order = "little"): Uint8Array {
  return block(3, new Bytes(order).u32(original).raw(data).done(), order);
}
