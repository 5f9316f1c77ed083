/** Addresses of IP as text. */

/** The text of the IPv4 address at `bytes[at]`. */
export function ipv4At(bytes: Uint8Array, at: number): string {
  return `${bytes[at] ?? 0}.${bytes[at + 1] ?? 0}.${bytes[at + 2] ?? 0}.${bytes[at + 3] ?? 0}`;
}

/** The text of the IPv6 address at `bytes[at]`. */
export function ipv6At(bytes: Uint8Array, at: number): string {
  return ipv6Text(Array.from({ length: 8 }, (_, i) => ((bytes[at + i * 2] ?? 0) << 8) | (bytes[at + i * 2 + 1] ?? 0)));
}

/** A dot as seen from the digit 0. */
const DOT = 46 - 48;

/** The 32 bits of an IPv4 address in its usual spelling; null for anything else. */
export function ipv4Bits(text: string): number | null {
  let bits = 0;
  let part = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit === DOT && part >= 0) {
      bits = (bits << 8) | part;
      part = -1;
      dots += 1;
    } else if (digit >= 0 && digit <= 9 && part !== 0) part = Math.max(part, 0) * 10 + digit;
    else return null;
    if (part > 255) return null;
  }
  return dots === 3 && part >= 0 ? (bits << 8) | part : null;
}

/**
 * RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`; an embedded IPv4
 * address in dotted form, as Wireshark prints it.
 */
export function ipv6Text(groups: readonly number[]): string {
  const [from, length] = longestZeroRun(groups);
  const [g6 = 0, g7 = 0] = groups.slice(6);
  if (from === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff))) {
    return `${length === 6 ? "::" : "::ffff:"}${g6 >> 8}.${g6 & 255}.${g7 >> 8}.${g7 & 255}`;
  }
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, from).join(":")}::${hex.slice(from + length).join(":")}`;
}

function longestZeroRun(groups: readonly number[]): readonly [from: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  let start = 0;
  for (let i = 0; i <= groups.length; i += 1) {
    if (groups[i] === 0) continue;
    if (i - start > best[1]) best = [start, i - start];
    start = i + 1;
  }
  return best;
}
