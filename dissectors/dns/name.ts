import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { textOf } from "../../src/bytes/text.ts";

/** A place in bytes, which moves on as they are read. */
export interface Place {
  readonly bytes: Uint8Array;
  at: number;
}

/** Where names are spelled; no name of 255 bytes is longer, even if all its characters are escaped. */
const spelled = new Uint8Array(4 * limits.dnsNameBytes);

/**
 * The domain name at the place, within `bytes[0, end)`; pointers count from 0. Leaves the place behind it (behind its
 * first pointer, if it has one). RFC 1035 4.1.4.
 *
 * Pointers must lead strictly backwards, which alone makes loops impossible; jumps and bytes are bounded besides.
 */
export function readName(place: Place, end = place.bytes.length): string {
  const { bytes, at } = place;
  let written = 0;
  let position = at;
  let segment = at;
  let next = -1;
  let jumps = 0;
  let wireBytes = 1;
  for (;;) {
    if (position >= end) throw new Malformed("name ends early", position);
    const length = bytes[position] ?? 0;
    if (length === 0) {
      place.at = next < 0 ? position + 1 : next;
      return written === 0 ? "." : textOf(spelled, 0, written);
    }
    if (length >= 0xc0) {
      if (next < 0) next = position + 2;
      segment = pointerTarget(bytes, position, segment, end);
      position = segment;
      jumps += 1;
      if (jumps > limits.dnsPointerJumps) throw new Malformed("name with too many pointers", at);
      continue;
    }
    if (length > 63) throw new Malformed("name label of an unknown kind", position);
    if (position + 1 + length > end) throw new Malformed("name label ends early", position);
    wireBytes += length + 1;
    if (wireBytes > limits.dnsNameBytes) throw new Malformed("name too long", at);
    if (written > 0) {
      spelled[written] = DOT;
      written += 1;
    }
    written = writeLabel(bytes, position + 1, position + 1 + length, written);
    position += 1 + length;
  }
}

function pointerTarget(bytes: Uint8Array, position: number, segment: number, end: number): number {
  if (position + 2 > end) throw new Malformed("name pointer ends early", position);
  const target = (((bytes[position] ?? 0) & 0x3f) << 8) | (bytes[position + 1] ?? 0);
  if (target >= segment) throw new Malformed("name pointer loop", position);
  return target;
}

const utf8 = new TextDecoder();
const utf8Encoder = new TextEncoder();
const DOT = 0x2e;
const BACKSLASH = 0x5c;

/** Letters as they are, UTF-8 where it is used (RFC 2181 11); dots and control characters inside a label as `\ddd`. */
function writeLabel(bytes: Uint8Array, start: number, end: number, written: number): number {
  let to = written;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) return writeWide(bytes.subarray(start, end), written);
    if (byte > 0x20 && byte !== DOT && byte !== BACKSLASH && byte !== 0x7f) {
      spelled[to] = byte;
      to += 1;
    } else {
      to = writeEscaped(byte, to);
    }
  }
  return to;
}

function writeEscaped(code: number, to: number): number {
  spelled[to] = BACKSLASH;
  spelled[to + 1] = 0x30 + Math.floor(code / 100);
  spelled[to + 2] = 0x30 + (Math.floor(code / 10) % 10);
  spelled[to + 3] = 0x30 + (code % 10);
  return to + 4;
}

function writeWide(label: Uint8Array, written: number): number {
  const text = utf8
    .decode(label)
    .replace(/[\p{Cc}\p{Zs}\p{Zl}\p{Zp}.\\]/gu, (each) => `\\${String(each.charCodeAt(0)).padStart(3, "0")}`);
  return written + utf8Encoder.encodeInto(text, spelled.subarray(written)).written;
}
