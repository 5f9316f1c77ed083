import { limits } from "../bytes/limits.ts";

const ADDRESSES = 12;
const NAME_AT = 2;
/** With the options -u and -s the last four bytes hold the number of a connection. */
const NAME_END_BESIDE_NUMBER = 8;
const LETTERS = "iIoOeE";

/**
 * The points at which Check Point's `fw monitor` saw a packet. It writes them in place of the Ethernet addresses: a
 * letter (before or behind the rules, inbound or outbound, encrypted), a position in the chain, an interface.
 *
 * One packet is seen at four points or more.
 */
export class FirewallPoints {
  private readonly known = new Set<number>();
  /** As the program writes them itself: `i eth0`; the first `limits.namedPoints`. */
  readonly names: string[] = [];

  /** The number of the point that stands in `bytes[start, end)`; -1 where none does. */
  of(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < ADDRESSES || !isPoint(bytes, start)) return -1;
    const nameEnd = endOfName(bytes, start);
    let hash = 0x811c9dc5;
    for (let at = start; at < nameEnd; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    const point = hash >>> 0;
    if (this.known.size < limits.namedPoints && !this.known.has(point)) {
      this.known.add(point);
      this.names.push(nameOf(bytes, start, nameEnd));
    }
    return point;
  }
}

/** Whether a frame carries a letter, a name and nothing else where Ethernet has its addresses. */
export function isFromFirewall(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= ADDRESSES && isPoint(bytes, start) && isPadded(bytes, start, endOfVisible(bytes, start));
}

function isPoint(bytes: Uint8Array, start: number): boolean {
  return LETTERS.includes(String.fromCharCode(bytes[start] ?? 0)) && isLetter(bytes[start + NAME_AT] ?? 0);
}

function endOfName(bytes: Uint8Array, start: number): number {
  const end = endOfVisible(bytes, start);
  return isPadded(bytes, start, end) ? end : Math.min(end, start + NAME_END_BESIDE_NUMBER);
}

function endOfVisible(bytes: Uint8Array, start: number): number {
  let at = start + NAME_AT;
  while (at < start + ADDRESSES && isVisible(bytes[at] ?? 0)) at++;
  return at;
}

function isPadded(bytes: Uint8Array, start: number, from: number): boolean {
  for (let at = from; at < start + ADDRESSES; at++) if (bytes[at] !== 0 && bytes[at] !== 0x20) return false;
  return true;
}

function nameOf(bytes: Uint8Array, start: number, end: number): string {
  return `${String.fromCharCode(bytes[start] ?? 0)} ${String.fromCharCode(...bytes.subarray(start + NAME_AT, end))}`;
}

function isVisible(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
