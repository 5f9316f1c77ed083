import { utf16At } from "./utf16.ts";

/** Behind the name: two MAC addresses, EtherType, VLAN. */
const LINK_BYTES = 16;
/** Behind the IP addresses: protocol, two ports, TCP flags. */
const TRANSPORT_BYTES = 6;
const protocols: { readonly [number: number]: string } = { 1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6" };

/** PktMon's events 100 and 110: one filter of the capture in words; null where the event is too short. */
export function filterText(view: DataView, start: number, end: number, addressBytes: 4 | 16): string | null {
  const { text: name, next: link } = utf16At(view, start + 2, end);
  const ip = link + LINK_BYTES;
  const transport = ip + 2 * addressBytes;
  if (transport + TRANSPORT_BYTES > end) return null;
  const bytes = (at: number, length: number) => Array.from({ length }, (_, index) => view.getUint8(at + index));
  const protocol = view.getUint8(transport);
  const parts = [
    ...[link, link + 6].map((at) => hexed(bytes(at, 6), 1, "-", "MAC")),
    numbered(view.getUint16(link + 12, true), (type) => `EtherType 0x${type.toString(16).padStart(4, "0")}`),
    numbered(view.getUint16(link + 14, true), (vlan) => `VLAN ${vlan}`),
    ...[ip, ip + addressBytes].map((at) => address(bytes(at, addressBytes))),
    numbered(protocol, (number) => protocols[number] ?? `protocol ${number}`),
    ...[transport + 1, transport + 3].map((at) => numbered(view.getUint16(at, true), (port) => `port ${port}`)),
  ];
  const wanted = parts.filter((part) => part !== "").join(", ");
  return wanted === "" ? name : `${name}: ${wanted}`;
}

function numbered(value: number, text: (value: number) => string): string {
  return value === 0 ? "" : text(value);
}

function hexed(bytes: readonly number[], group: 1 | 2, separator: string, word: string): string {
  if (bytes.every((byte) => byte === 0)) return "";
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
  const groups = group === 1 ? hex : hex.flatMap((high, at) => (at % 2 === 0 ? [high + (hex[at + 1] ?? "")] : []));
  return `${word} ${groups.join(separator)}`;
}

function address(bytes: readonly number[]): string {
  if (bytes.length === 16) return hexed(bytes, 2, ":", "IP");
  return bytes.every((byte) => byte === 0) ? "" : `IP ${bytes.join(".")}`;
}
