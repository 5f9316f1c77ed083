import { unicode } from "../bytes/unicode.ts";
import type { Content, Element } from "./element.ts";
import type { Reading } from "./reading.ts";
import { hex } from "./values.ts";

/** AvId (MS-NLMP 2.2.2.1). */
const names: Readonly<Record<number, string>> = {
  0: "MsvAvEOL",
  1: "MsvAvNbComputerName",
  2: "MsvAvNbDomainName",
  3: "MsvAvDnsComputerName",
  4: "MsvAvDnsDomainName",
  5: "MsvAvDnsTreeName",
  6: "MsvAvFlags",
  7: "MsvAvTimestamp",
  8: "MsvAvSingleHost",
  9: "MsvAvTargetName",
  10: "MsvAvChannelBindings",
};
const TEXTS = new Set([1, 2, 3, 4, 5, 9]);
const END = 0;
const FLAGS = 6;
const TIMESTAMP = 7;
const CHANNEL_BINDINGS = 10;

/** The list of `bytes[start, end)`: id and length of 16 bits each, then the value. */
export function avPairElements(
  reading: Reading,
  start: number,
  end: number,
  isSecret: (from: number, to: number) => boolean,
): Element[] {
  const elements: Element[] = [];
  const { bytes } = reading;
  for (let at = start; at < end && reading.room(at); ) {
    if (at + 4 > end)
      return [
        ...elements,
        { name: "AV_PAIR", offset: at, length: end - at, ...reading.fault(at, "the AV pair is cut") },
      ];
    const id = u16(bytes, at);
    const length = u16(bytes, at + 2);
    const place = { name: names[id] ?? `AvId ${id}`, offset: at, length: 4 + length };
    if (id === END) return [...elements, place];
    if (at + 4 + length > end || isSecret(at, at + 4 + length)) {
      const text = `the length says ${length} bytes, but ${end - at - 4} are left`;
      return [...elements, { ...place, ...reading.fault(at + 2, text) }];
    }
    elements.push({ ...place, ...valueOfPair(id, bytes.subarray(at + 4, at + 4 + length)) });
    at += 4 + length;
  }
  return elements;
}

function valueOfPair(id: number, octets: Uint8Array): Content {
  if (TEXTS.has(id)) return { value: unicode(octets) };
  if (id === FLAGS && octets.length === 4)
    return { value: hex(u16(octets, 0) | (u16(octets, 2) << 16), 8), note: flagsOf(u16(octets, 0)) };
  if (id === TIMESTAMP && octets.length === 8) return { value: moment(octets) };
  const isZero = id === CHANNEL_BINDINGS && octets.every((octet) => octet === 0);
  return { note: isZero ? "none (all zero)" : `${octets.length} bytes (not shown)` };
}

function flagsOf(flags: number): string {
  const set = ["constrained account", "MIC present", "SPN from an untrusted source"].filter(
    (_, bit) => (flags >>> bit) & 1,
  );
  return set.join(", ");
}

const TICKS_PER_MILLISECOND = 10_000n;
const MILLISECONDS_TO_1970 = 11_644_473_600_000n;
const LAST = 253_402_300_799_999;

/** FILETIME (100 ns since 1601) as a moment of the calendar. */
function moment(octets: Uint8Array): string {
  const ticks = new DataView(octets.buffer, octets.byteOffset, 8).getBigUint64(0, true);
  const milliseconds = Number(ticks / TICKS_PER_MILLISECOND - MILLISECONDS_TO_1970);
  return Math.abs(milliseconds) > LAST ? `${ticks} × 100 ns` : new Date(milliseconds).toISOString();
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
