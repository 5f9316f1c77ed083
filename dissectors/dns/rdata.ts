import { Malformed } from "../../src/bytes/malformed.ts";
import { textOf, writeDotted, writeNumber } from "../../src/bytes/text.ts";
import { readName } from "./name.ts";

/** Where the data of a record lies: `bytes[start, end)` of a message that begins at 0. */
export interface RecordData {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

type Reader = (data: RecordData) => string;

/** RFC 1035 3.3 and 3.4, RFC 3596, RFC 2782, RFC 7553, RFC 9460. Other types have no text. */
const readers: Readonly<Record<string, Reader>> = {
  A: address4,
  AAAA: address6,
  CNAME: (data) => nameAt(data, 0),
  DNAME: (data) => nameAt(data, 0),
  NS: (data) => nameAt(data, 0),
  PTR: (data) => nameAt(data, 0),
  MX: (data) => `${u16(data, 0)} ${nameAt(data, 2)}`,
  SRV: (data) => `${preference(data)} ${nameAt(data, 6)}`,
  SVCB: (data) => `${u16(data, 0)} ${nameAt(data, 2)}`,
  HTTPS: (data) => `${u16(data, 0)} ${nameAt(data, 2)}`,
  URI: (data) => `${u16(data, 0)} ${u16(data, 2)} "${printable(data.bytes.subarray(data.start + 4, data.end))}"`,
  TXT: texts,
  SPF: texts,
  SOA: startOfAuthority,
};

/** The data as text; empty for types without one and for the empty data of dynamic updates. */
export function recordText(type: string, data: RecordData): string {
  if (data.start === data.end) return "";
  return readers[type]?.(data) ?? "";
}

function need(data: RecordData, bytes: number): void {
  if (data.end - data.start < bytes) throw new Malformed("record data too short", data.start);
}

function u16(data: RecordData, at: number): number {
  need(data, at + 2);
  return ((data.bytes[data.start + at] ?? 0) << 8) | (data.bytes[data.start + at + 1] ?? 0);
}

function nameAt(data: RecordData, at: number): string {
  return readName({ bytes: data.bytes, at: data.start + at }, data.end);
}

/** Where what is shorter than an address of IPv6 is spelled. */
const spelled = new Uint8Array(39);

/** Priority, weight and port of an SRV record. */
function preference(data: RecordData): string {
  let end = writeNumber(spelled, 0, u16(data, 0));
  spelled[end] = 0x20;
  end = writeNumber(spelled, end + 1, u16(data, 2));
  spelled[end] = 0x20;
  return textOf(spelled, 0, writeNumber(spelled, end + 1, u16(data, 4)));
}

function address4(data: RecordData): string {
  need(data, 4);
  const { bytes, start } = data;
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3]];
  return textOf(spelled, 0, writeDotted(spelled, 0, a, b, c, d));
}

const COLON = 0x3a;

/** RFC 5952: the first longest run of two or more zero groups becomes `::`. */
function address6(data: RecordData): string {
  need(data, 16);
  let run = 0;
  let length = 1;
  for (let group = 0, start = 0; group < 8; group++) {
    if (u16(data, group * 2) !== 0) start = group + 1;
    else if (group + 1 - start > length) {
      run = start;
      length = group + 1 - start;
    }
  }
  let end = 0;
  for (let group = 0; group < 8; ) {
    if (length > 1 && group === run) {
      spelled[end++] = COLON;
      spelled[end++] = COLON;
      group += length;
    } else {
      if (end > 0 && spelled[end - 1] !== COLON) spelled[end++] = COLON;
      end = writeHex(end, u16(data, group * 2));
      group += 1;
    }
  }
  return textOf(spelled, 0, end);
}

function writeHex(start: number, number: number): number {
  let end = start;
  for (let shift = number > 0xfff ? 12 : number > 0xff ? 8 : number > 0xf ? 4 : 0; shift >= 0; shift -= 4) {
    const digit = (number >> shift) & 15;
    spelled[end++] = digit < 10 ? 0x30 + digit : 0x57 + digit;
  }
  return end;
}

const SHOWN_CHARACTERS = 80;

function texts(data: RecordData): string {
  const parts: string[] = [];
  let shown = 0;
  for (let at = data.start; at < data.end && shown <= SHOWN_CHARACTERS; ) {
    const length = data.bytes[at] ?? 0;
    if (at + 1 + length > data.end) throw new Malformed("text record ends early", at);
    parts.push(`"${printable(data.bytes.subarray(at + 1, at + 1 + length))}"`);
    shown += length;
    at += 1 + length;
  }
  return parts.join(" ");
}

function startOfAuthority(data: RecordData): string {
  const place = { bytes: data.bytes, at: data.start };
  return `${readName(place, data.end)} ${readName(place, data.end)}`;
}

/** ASCII with everything else as `?`, shortened: what a TXT record holds is of little use here. */
function printable(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes.subarray(0, SHOWN_CHARACTERS)) {
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "?";
  }
  return bytes.length > SHOWN_CHARACTERS ? `${text}…` : text;
}
