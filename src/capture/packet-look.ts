import { limits } from "../bytes/limits.ts";

/** What the bytes of a packet say of themselves, where Windows does not log it or logs it wrongly. */

export const ETHERNET = 1;
export const RAW_IP = 101;
export const WIRELESS = 105;

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const IPV6_HEADER = 40;
/** ARP, EAPOL, LLDP, PPPoE, MPLS: types that stand behind Ethernet addresses in practice. */
const otherTypes: ReadonlySet<number> = new Set([0x0806, 0x888e, 0x88cc, 0x8863, 0x8864, 0x8847, 0x8848]);
/** IEEE 802.1Q, 802.1ad and their forerunners. */
const tags: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100, 0x9200]);

/** Whether bytes 12 and 13, VLAN tags aside, hold a known EtherType, and behind one of IP its version. */
export function looksLikeEthernet(bytes: Uint8Array, start: number, end: number): boolean {
  const at = behindTags(bytes, start + 12, end);
  if (at + 2 > end) return false;
  const type = u16(bytes, at);
  return otherTypes.has(type) || (at + 2 < end && isIpOf(type, bytes, at + 2));
}

/** Whether it starts with the version of IP and a length that is possible. */
export function looksLikeIp(bytes: Uint8Array, start: number, end: number): boolean {
  const version = (bytes[start] ?? 0) >> 4;
  if (version === 4) return end - start >= 20 && ((bytes[start] ?? 0) & 0x0f) >= 5;
  return version === 6 && end - start >= IPV6_HEADER;
}

/** Whether it is an 802.11 data frame whose body, in clear, begins with LLC and SNAP. */
export function looksLikeWireless(bytes: Uint8Array, start: number, end: number): boolean {
  return wirelessBody(bytes, start, end) !== null;
}

/** The length on the wire by the IP header in a packet of that link type; null where no such header says it. */
export function lengthByIp(bytes: Uint8Array, start: number, end: number, linkType: number): number | null {
  const header = ipHeader(bytes, start, end, linkType);
  if (header === null || header + 6 > end) return null;
  const isSix = (bytes[header] ?? 0) >> 4 === 6;
  const length = u16(bytes, header + (isSix ? 4 : 2));
  // 0 stands in what is still to be segmented by the adapter, and before a jumbo payload.
  if (length === 0) return null;
  return header - start + (isSix ? IPV6_HEADER : 0) + length;
}

function ipHeader(bytes: Uint8Array, start: number, end: number, linkType: number): number | null {
  if (linkType === RAW_IP) return looksLikeIp(bytes, start, end) ? start : null;
  const body = linkType === ETHERNET ? start + 6 : wirelessBody(bytes, start, end);
  if (body === null) return null;
  const type = behindTags(bytes, body + 6, end);
  return type + 2 < end && isIpOf(u16(bytes, type), bytes, type + 2) ? type + 2 : null;
}

function behindTags(bytes: Uint8Array, first: number, end: number): number {
  let at = first;
  for (let depth = 0; depth < limits.encapsulation && at + 2 <= end && tags.has(u16(bytes, at)); depth++) at += 4;
  return at;
}

function isIpOf(type: number, bytes: Uint8Array, at: number): boolean {
  const version = (bytes[at] ?? 0) >> 4;
  return (type === IPV4 && version === 4) || (type === IPV6 && version === 6);
}

/** Header, then what is left of the key's 8 bytes in frames that Windows decrypted. */
const BODY_OFFSETS = [0, 8] as const;

/** IEEE 802.11 section 9.2: where the LLC header of a data frame stands; null where it has none. */
function wirelessBody(bytes: Uint8Array, start: number, end: number): number | null {
  const control = bytes[start] ?? 0;
  const flags = bytes[start + 1] ?? 0;
  const isData = (control & 0x0f) === 0x08 && (control & 0x40) === 0;
  if (!isData) return null;
  const isQos = (control & 0x80) !== 0;
  const header = 24 + ((flags & 3) === 3 ? 6 : 0) + (isQos ? 2 : 0) + (isQos && (flags & 0x80) !== 0 ? 4 : 0);
  const isProtected = (flags & 0x40) !== 0;
  for (const extra of BODY_OFFSETS) {
    const at = start + header + extra;
    if (extra > 0 && !isProtected) break;
    if (at + 8 <= end && bytes[at] === 0xaa && bytes[at + 1] === 0xaa && bytes[at + 2] === 3) return at;
  }
  return null;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
