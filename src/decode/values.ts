import type { Type } from "../../dissectors/asn1/schema.ts";
import type { Part } from "../../dissectors/asn1/survey.ts";
import { dots } from "../../dissectors/spnego/oid.ts";
import type { Content } from "./element.ts";
import type { Reading } from "./reading.ts";

/** Universal tag numbers (X.690 8, X.680 8.4) and their names. */
export const tags = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  oid: 6,
  enumerated: 10,
  utf8: 12,
  sequence: 16,
  time: 24,
  text: 27,
} as const;
const tagNames: Readonly<Record<number, string>> = {
  1: "BOOLEAN",
  2: "INTEGER",
  3: "BIT STRING",
  4: "OCTET STRING",
  6: "OBJECT IDENTIFIER",
  10: "ENUMERATED",
  16: "SEQUENCE",
  24: "GeneralizedTime",
  27: "GeneralString",
};

export function hex(value: number, digits = 2): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, "0")}`;
}

/** What stands where something else was expected. */
export function found(reading: Reading, at: number): string {
  const octet = reading.bytes[at];
  return octet === undefined ? "found the end" : `found tag ${hex(octet)}`;
}

export function isUniversal(part: Part, number: number): boolean {
  return part.tagClass === "universal" && part.number === number;
}

/** The fault of an element of another type than the specification has here. */
export function expected(reading: Reading, part: Part, number: number): Content {
  const octet = number === tags.sequence ? 0x30 : number;
  const text = `${tagNames[number]} (${hex(octet)}) expected, ${found(reading, part.offset)}`;
  return reading.fault(part.offset, text, octet);
}

/** The contents of a primitive element that are there. */
export function contentsOf(reading: Reading, part: Part): Uint8Array {
  const start = part.offset + part.headerLength;
  return reading.view(start, start + part.length);
}

/** The value of a primitive type; of what is damaged or cut only what is surely of that type. */
export function primitive(reading: Reading, type: Type, part: Part): Content {
  if (part.fault !== undefined) return reading.fault(part.fault.at, part.fault.text);
  const octets = contentsOf(reading, part);
  if (type.kind === "text") return textContent(reading, part, octets);
  if (octets.length < part.length) return { problem: `cut: ${octets.length} of ${part.length} bytes are there` };
  switch (type.kind) {
    case "integer":
    case "enumerated":
      return numberContent(reading, type, part, octets);
    case "flags":
      return flagsContent(reading, type, part, octets);
    case "oid": {
      const value = dots(octets.subarray(0, MOST_OID_OCTETS));
      return told(value, type.names[value] ?? null);
    }
    case "time":
      return timeContent(reading, part, octets);
    default:
      return { value: octets[0] !== 0 };
  }
}

const MOST_OID_OCTETS = 32;

function told(value: string | number, note: string | null): Content {
  return note === null || note === "" ? { value } : { value, note };
}

type Numeric = Extract<Type, { kind: "integer" | "enumerated" }>;

function numberContent(reading: Reading, type: Numeric, part: Part, octets: Uint8Array): Content {
  if (octets.length < 1 || octets.length > 5) {
    return reading.fault(part.offset + 1, `a number of ${octets.length} bytes, 1 to 5 expected`);
  }
  let value = (octets[0] ?? 0) >= 0x80 ? -1 : 0;
  for (const octet of octets) value = value * 256 + octet;
  if (type.unsigned === true && octets.length <= 4) value = value >>> 0;
  const content = told(value, type.meaning?.(value) ?? null);
  if (type.expected === undefined || type.expected === value) return content;
  return { ...content, ...reading.fault(part.offset + part.headerLength, `${type.expected} expected, found ${value}`) };
}

function flagsContent(
  reading: Reading,
  type: Extract<Type, { kind: "flags" }>,
  part: Part,
  octets: Uint8Array,
): Content {
  if (octets.length < 1 || (octets[0] ?? 0) > 7) return reading.fault(part.offset, "no sound BIT STRING");
  let bits = 0;
  for (let i = 1; i <= 4; i++) bits = (bits << 8) | (octets[i] ?? 0);
  return told(hex(bits, 8), type.names(bits >>> 0).join(", "));
}

function timeContent(reading: Reading, part: Part, octets: Uint8Array): Content {
  const digits = octets.length === 15 ? String.fromCharCode(...octets) : "";
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (match === null) return reading.fault(part.offset + part.headerLength, "a time like 20370913024805Z expected");
  const [, year, month, day, hour, minute, second] = match;
  return { value: digits, note: `${year}-${month}-${day} ${hour}:${minute}:${second} UTC` };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes up to the first one that no name holds: what follows may be anything, also something secret. */
export function soundText(octets: Uint8Array): { readonly text: string; readonly end: number } {
  const control = octets.findIndex((octet) => octet < 0x20 || octet === 0x7f);
  const end = control === -1 ? octets.length : control;
  try {
    return { text: utf8.decode(octets.subarray(0, end)), end };
  } catch {
    const high = octets.findIndex((octet) => octet >= 0x80);
    return { text: utf8.decode(octets.subarray(0, high)), end: high };
  }
}

function textContent(reading: Reading, part: Part, octets: Uint8Array): Content {
  const { text, end } = soundText(octets);
  const start = part.offset + part.headerLength;
  if (end < octets.length) {
    return { value: text, ...reading.fault(start + end, `text expected, found byte ${hex(octets[end] ?? 0)}`) };
  }
  if (octets.length === part.length) return { value: text };
  return { value: text, problem: `cut: ${octets.length} of ${part.length} bytes are there` };
}
