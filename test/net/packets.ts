import type { FrameView } from "../../src/model/frame.ts";

/** Bytes of a packet, built from the inside out; checksums stay zero, nobody reads them. */
export type Bytes = readonly number[];

export const be16 = (value: number): Bytes => [(value >>> 8) & 255, value & 255];
export const be32 = (value: number): Bytes => [...be16(value >>> 16), ...be16(value)];
export const text = (value: string): Bytes => [...new TextEncoder().encode(value)];

export const address4 = (dotted: string): Bytes => dotted.split(".").map(Number);

/** An IPv6 address written with `::` at most once. */
export function address6(value: string): Bytes {
  const [head = "", tail] = value.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":").flatMap((g) => be16(Number.parseInt(g, 16))));
  const [front, back] = [groups(head), groups(tail ?? "")];
  return tail === undefined
    ? front
    : [...front, ...new Array<number>(16 - front.length - back.length).fill(0), ...back];
}

interface Ip {
  readonly src?: string;
  readonly dst?: string;
  readonly protocol?: number;
  readonly ttl?: number;
  readonly id?: number;
  /** In bytes. */
  readonly offset?: number;
  readonly more?: boolean;
  readonly totalLength?: number;
}

export const A = "10.0.0.1";
export const B = "10.0.0.2";
export const A6 = "fd00::1";
export const B6 = "fd00::2";

export function ipv4(ip: Ip, payload: Bytes): Bytes {
  const flags = (ip.more ? 0x2000 : 0) | ((ip.offset ?? 0) >> 3);
  const total = ip.totalLength ?? 20 + payload.length;
  const middle = [...be16(ip.id ?? 0), ...be16(flags), ip.ttl ?? 64, ip.protocol ?? 17, 0, 0];
  return [0x45, 0, ...be16(total), ...middle, ...address4(ip.src ?? A), ...address4(ip.dst ?? B), ...payload];
}

export function ipv6(ip: Ip, payload: Bytes): Bytes {
  const length = ip.totalLength ?? payload.length;
  const start = [0x60, 0, 0, 0, ...be16(length), ip.protocol ?? 17, ip.ttl ?? 64];
  return [...start, ...address6(ip.src ?? A6), ...address6(ip.dst ?? B6), ...payload];
}

export function fragment6(ip: Ip, next: number, payload: Bytes): Bytes {
  const place = (ip.offset ?? 0) | (ip.more ? 1 : 0);
  return ipv6({ ...ip, protocol: 44 }, [next, 0, ...be16(place), ...be32(ip.id ?? 1), ...payload]);
}

export function udp(sport: number, dport: number, payload: Bytes, length: number = payload.length + 8): Bytes {
  return [...be16(sport), ...be16(dport), ...be16(length), 0, 0, ...payload];
}

export interface Tcp {
  readonly sport: number;
  readonly dport: number;
  readonly seq: number;
  readonly ack?: number;
  /** Letters of `SAFRP`. */
  readonly flags: string;
}

const letters = { F: 1, S: 2, R: 4, P: 8, A: 16 } as const;

export function tcp(header: Tcp, payload: Bytes = []): Bytes {
  let flags = 0;
  for (const [letter, bit] of Object.entries(letters)) if (header.flags.includes(letter)) flags |= bit;
  const ports = [...be16(header.sport), ...be16(header.dport)];
  return [...ports, ...be32(header.seq), ...be32(header.ack ?? 0), 0x50, flags, 0xff, 0xff, 0, 0, 0, 0, ...payload];
}

export const ethernet = (type: number, payload: Bytes, dst: Bytes = [2, 0, 0, 0, 0, 2]): Bytes => [
  ...dst,
  ...[2, 0, 0, 0, 0, 1],
  ...be16(type),
  ...payload,
];

export interface Captured {
  readonly bytes: Bytes;
  readonly linkType?: number;
  readonly seconds?: number;
  readonly nanos?: number;
  readonly wireLength?: number;
}

/** A frame view like the reader's: the frame lies somewhere inside a larger buffer of junk. */
export function frameView(captured: Captured, number: number): FrameView {
  const margin = 16;
  const bytes = new Uint8Array(captured.bytes.length + 2 * margin).fill(0xee);
  bytes.set(captured.bytes, margin);
  const length = captured.bytes.length;
  return {
    bytes,
    start: margin,
    end: margin + length,
    number,
    seconds: captured.seconds ?? 1000,
    nanos: captured.nanos ?? number,
    wireLength: captured.wireLength ?? length,
    linkType: captured.linkType ?? 1,
    point: -1,
    process: null,
    dropped: null,
  };
}
