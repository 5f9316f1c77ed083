import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";

export interface Name {
  readonly text: string;
  /** Offset behind the name where it stands (behind its first pointer, if it has one). */
  readonly next: number;
}

/**
 * A domain name at `at` of `bytes[base, end)`; pointers count from `base`. RFC 1035 4.1.4.
 *
 * Pointers must lead strictly backwards, which alone makes loops impossible; jumps and bytes are bounded besides.
 */
export function readName(bytes: Uint8Array, at: number, base = 0, end = bytes.length): Name {
  let text = "";
  let position = at;
  let segment = at;
  let next = -1;
  let jumps = 0;
  let wireBytes = 1;
  for (;;) {
    if (position >= end) throw new Malformed("name ends early", position);
    const length = bytes[position] ?? 0;
    if (length === 0) return { text: text === "" ? "." : text, next: next < 0 ? position + 1 : next };
    if (length >= 0xc0) {
      if (next < 0) next = position + 2;
      segment = pointerTarget(bytes, position, segment, base, end);
      position = segment;
      jumps += 1;
      if (jumps > limits.dnsPointerJumps) throw new Malformed("name with too many pointers", at);
      continue;
    }
    if (length > 63) throw new Malformed("name label of an unknown kind", position);
    if (position + 1 + length > end) throw new Malformed("name label ends early", position);
    wireBytes += length + 1;
    if (wireBytes > limits.dnsNameBytes) throw new Malformed("name too long", at);
    text = text === "" ? label(bytes, position + 1, length) : `${text}.${label(bytes, position + 1, length)}`;
    position += 1 + length;
  }
}

function pointerTarget(bytes: Uint8Array, position: number, segment: number, base: number, end: number): number {
  if (position + 2 > end) throw new Malformed("name pointer ends early", position);
  const target = base + ((((bytes[position] ?? 0) & 0x3f) << 8) | (bytes[position + 1] ?? 0));
  if (target >= segment) throw new Malformed("name pointer loop", position);
  return target;
}

const utf8 = new TextDecoder();

/** Letters as they are, UTF-8 where it is used (RFC 2181 11); dots and control characters inside a label as `\ddd`. */
function label(bytes: Uint8Array, start: number, length: number): string {
  let text = "";
  let wide = false;
  for (let at = start; at < start + length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) wide = true;
    text += byte <= 0x20 || byte === 0x2e || byte === 0x5c || byte === 0x7f ? escaped(byte) : String.fromCharCode(byte);
  }
  if (!wide) return text;
  return utf8
    .decode(bytes.subarray(start, start + length))
    .replace(/[\p{Cc}\p{Zs}\p{Zl}\p{Zp}.\\]/gu, (character) => escaped(character.charCodeAt(0)));
}

function escaped(code: number): string {
  return `\\${String(code).padStart(3, "0")}`;
}
