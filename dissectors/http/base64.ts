const OTHER = 0xff;
const VALUES = table();

function table(): Uint8Array {
  const values = new Uint8Array(256).fill(OTHER);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (let index = 0; index < 64; index += 1) values[alphabet.charCodeAt(index)] = index;
  return values;
}

/**
 * What `bytes[start, end)` encodes (RFC 4648 4); padding may be missing, but nothing else than the alphabet may be
 * there: null where it is not base64.
 */
export function fromBase64(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  const length = withoutPadding(bytes, start, end) - start;
  const rest = length % 4;
  if (length === 0 || rest === 1) return null;
  const decoded = new Uint8Array(Math.floor((length * 3) / 4));
  const whole = start + length - rest;
  let to = 0;
  for (let at = start; at < whole; at += 4) {
    const a = VALUES[bytes[at] ?? 0] ?? OTHER;
    const b = VALUES[bytes[at + 1] ?? 0] ?? OTHER;
    const c = VALUES[bytes[at + 2] ?? 0] ?? OTHER;
    const d = VALUES[bytes[at + 3] ?? 0] ?? OTHER;
    if ((a | b | c | d) > 63) return null;
    decoded[to] = (a << 2) | (b >> 4);
    decoded[to + 1] = (b << 4) | (c >> 2);
    decoded[to + 2] = (c << 6) | d;
    to += 3;
  }
  if (rest === 0) return decoded;
  const a = VALUES[bytes[whole] ?? 0] ?? OTHER;
  const b = VALUES[bytes[whole + 1] ?? 0] ?? OTHER;
  const c = rest === 3 ? (VALUES[bytes[whole + 2] ?? 0] ?? OTHER) : 0;
  if ((a | b | c) > 63) return null;
  decoded[to] = (a << 2) | (b >> 4);
  if (rest === 3) decoded[to + 1] = (b << 4) | (c >> 2);
  return decoded;
}

function withoutPadding(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && end - at < 2 && bytes[at - 1] === 0x3d) at -= 1;
  return at;
}
