import { Bytes, concat } from "./build.ts";

/** User data of Windows trace events that hold packets, as their providers' manifests lay them out. */

export const providers = {
  ndis: "2ed6006e-4729-4609-b423-3ee7bcd678ef",
  pktMon: "4d4f80d9-c8bd-4d73-bb5b-19c90402c5ac",
  ras: "d84521f7-2235-4237-a7c0-14e3a9676286",
  wfp: "c22d1b14-c242-49de-9f17-1d76b8b9c458",
  dnsClient: "1c95126e-7eea-49a9-a3fe-a378b03ddb4d",
  schema: "bbccf6c1-6cd1-48c4-80ff-839482e37671",
} as const;

export const keywords = {
  ethernet: 0x1n,
  wirelessWan: 0x200n,
  wireless: 0x10000n,
  switched: 0x1000000n,
  truncated: 0x2000000n,
  start: 0x40000000n,
  end: 0x80000000n,
  whole: 0xc0000000n,
  send: 0x100000000n,
  receive: 0x200000000n,
  dropped: 0x10000000000n,
  /** Bits that every packet of a real trace carries. */
  noise: 0x8000060000000000n,
} as const;

export function guidBytes(text: string): Uint8Array {
  const digits = text.replaceAll("-", "");
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order, (at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

/** UTF-16 with its final zero. */
export function text(value: string): Uint8Array {
  return new Bytes().u16(...Array.from({ length: value.length }, (_, at) => value.charCodeAt(at)), 0).done();
}

export interface Fragment {
  readonly data: Uint8Array;
  readonly miniport?: number;
  readonly layer?: number;
  /** FragmentSize, where it is to differ from the data. */
  readonly size?: number;
  /** What newer builds write behind the fragment. */
  readonly behind?: Uint8Array;
}

/** NDIS-PacketCapture 1001. */
export function fragment({ data, miniport = 12, layer = miniport, size = data.length, behind }: Fragment): Uint8Array {
  const bytes = new Bytes().u32(miniport, layer, size).raw(data);
  return bytes.raw(behind ?? []).done();
}

export interface SwitchFragment extends Fragment {
  readonly port?: number;
  readonly destinations?: readonly Uint8Array[];
  readonly outOfBand?: Uint8Array;
}

/** NDIS-PacketCapture 1003. */
export function switchFragment(options: SwitchFragment): Uint8Array {
  const { data, miniport = 20, layer = miniport, size = data.length, port = 7, destinations = [] } = options;
  const outOfBand = options.outOfBand ?? new Uint8Array(80);
  const head = new Bytes().u32(miniport, layer, port).done();
  const names = concat(["Port1", "Vm Nic", "Synthetic"].map(text));
  const list = new Bytes().u32(destinations.length).raw(concat(destinations)).u32(size).raw(data);
  return concat([head, names, list.u32(outOfBand.length).raw(outOfBand).done()]);
}

export interface MonitorPacket {
  readonly data: Uint8Array;
  readonly original?: number;
  readonly logged?: number;
  readonly type?: number;
  readonly component?: number;
  readonly edge?: number;
  readonly dropReason?: number;
  readonly group?: number;
}

/** PktMon 160 and 170. */
export function monitorPacket(packet: MonitorPacket): Uint8Array {
  const { data, original = data.length, logged = data.length, type = 1, component = 10, edge = 1 } = packet;
  const head = new Bytes().i64(BigInt(packet.group ?? 1)).u16(1, 1, 3, type, component, edge, 0);
  return head
    .u32(packet.dropReason ?? 0, 0)
    .u16(original, logged)
    .raw(data)
    .done();
}

/** RAS 5001 and 5002. */
export function rasPacket(data: Uint8Array, size = data.length): Uint8Array {
  return new Bytes().raw(text("domain")).raw(text("CONTOSO\\someone")).u32(size).raw(data).done();
}

/** WFP 60011 (4-byte addresses) and 60021, with a flow number 60012 and 60022. */
export function wfpPacket(source: readonly number[], destination: readonly number[], rest: Rest): Uint8Array {
  const bytes = new Bytes().raw(source).raw(destination).raw([rest.protocol]);
  if (rest.flow !== undefined) bytes.i64(rest.flow);
  return bytes
    .u16(rest.length ?? rest.data.length)
    .raw(rest.data)
    .done();
}

export interface Rest {
  readonly protocol: number;
  readonly data: Uint8Array;
  readonly length?: number;
  readonly flow?: bigint;
}
