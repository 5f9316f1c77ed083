import { Malformed } from "../../src/bytes/malformed.ts";
import { wholeSecond } from "../../src/model/time.ts";
import type { NtpMessage } from "./message.ts";

const HEADER = 48;
const TRANSMIT = 40;
const ASKS: readonly number[] = [1, 3];
const TELLS: readonly number[] = [2, 4, 5];
const LOWEST_VERSION = 1;
const HIGHEST_VERSION = 4;
/** Seconds from 1900 to 1970, and what a counter of 32 bits holds: era 1 begins in February 2036. */
const TO_UNIX = 2_208_988_800;
const ERA = 0x1_0000_0000;

/** RFC 5905 section 7.3; control and private messages have another form and are none of ours. */
export function decodeNtp(bytes: Uint8Array): NtpMessage[] {
  const first = bytes[0] ?? 0;
  const mode = first & 7;
  const version = (first >> 3) & 7;
  if (mode === 0 || mode > 5) return [];
  if (version < LOWEST_VERSION || version > HIGHEST_VERSION) throw new Malformed(`unknown version ${version}`, 0);
  if (bytes.length < HEADER) throw new Malformed("header ends early", bytes.length);
  const kind = ASKS.includes(mode) ? "request" : TELLS.includes(mode) ? "response" : null;
  if (kind === null) return [];
  const transmitted = timestamp(bytes, TRANSMIT);
  return [{ protocol: "ntp", kind, version, mode, stratum: bytes[1] ?? 0, leap: first >> 6, transmitted }];
}

/** Seconds since 1900 and their fraction (RFC 5905 section 6): zero is no time, a small number one of era 1. */
function timestamp(bytes: Uint8Array, at: number): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seconds = view.getUint32(at);
  const fraction = view.getUint32(at + 4);
  if (seconds === 0 && fraction === 0) return null;
  const unix = (seconds < ERA / 2 ? seconds + ERA : seconds) - TO_UNIX;
  const micros = String(Math.floor((fraction / ERA) * 1e6)).padStart(6, "0");
  return `${wholeSecond(unix)}.${micros}Z`;
}
