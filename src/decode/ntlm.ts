import { ntlmFlagNames } from "../../dissectors/ntlmssp/flags.ts";
import { unicode } from "../bytes/unicode.ts";
import { avPairElements } from "./av-pairs.ts";
import type { Content, Element } from "./element.ts";
import type { Reading } from "./reading.ts";
import { hex, soundText } from "./values.ts";

/** What a row of a message's fixed part is; `secret` is never shown, `text` and `pairs` and `response` point elsewhere. */
type Row = readonly [
  offset: number,
  name: string,
  kind: "text" | "secret" | "response" | "pairs" | "flags" | "bytes8" | "mic" | "version",
];

/** Fixed parts of MS-NLMP 2.2.1.1 to 2.2.1.3. */
const layouts: Readonly<Record<number, { readonly name: string; readonly rows: readonly Row[] }>> = {
  1: {
    name: "NEGOTIATE_MESSAGE",
    rows: [
      [12, "NegotiateFlags", "flags"],
      [16, "DomainName", "text"],
      [24, "Workstation", "text"],
      [32, "Version", "version"],
    ],
  },
  2: {
    name: "CHALLENGE_MESSAGE",
    rows: [
      [12, "TargetName", "text"],
      [20, "NegotiateFlags", "flags"],
      [24, "ServerChallenge", "bytes8"],
      [40, "TargetInfo", "pairs"],
      [48, "Version", "version"],
    ],
  },
  3: {
    name: "AUTHENTICATE_MESSAGE",
    rows: [
      [12, "LmChallengeResponse", "secret"],
      [20, "NtChallengeResponse", "response"],
      [28, "DomainName", "text"],
      [36, "UserName", "text"],
      [44, "Workstation", "text"],
      [52, "EncryptedRandomSessionKey", "secret"],
      [60, "NegotiateFlags", "flags"],
      [64, "Version", "version"],
      [72, "MIC", "mic"],
    ],
  },
};
const sizes = { text: 8, secret: 8, response: 8, pairs: 8, flags: 4, bytes8: 8, mic: 16, version: 8 } as const;

const UNICODE = 1;
const VERSION = 0x0200_0000;
const SIGNATURE = 8;

/** One NTLM message of `bytes[start, end)`. */
export function ntlmElement(reading: Reading, start: number, end: number): Element {
  return new NtlmMessage(reading, start, end).element();
}

interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

class NtlmMessage {
  private readonly reading: Reading;
  private readonly start: number;
  private readonly end: number;
  /** Of the whole token where bytes of the message end. */
  private readonly there: number;
  private readonly view: DataView;
  private readonly secrets: Span[] = [];
  private flags = 0;
  /** Where the first part begins that a row points to: what is fixed ends before it. */
  private payload: number;

  constructor(reading: Reading, start: number, end: number) {
    this.reading = reading;
    this.start = start;
    this.end = end;
    this.there = Math.min(end, reading.bytes.length);
    this.payload = end;
    this.view = new DataView(reading.bytes.buffer, reading.bytes.byteOffset, reading.bytes.byteLength);
  }

  element(): Element {
    const { start, end, reading } = this;
    const base = { name: "NTLMSSP", offset: start, length: end - start };
    if (this.there - start < SIGNATURE + 4) return { ...base, ...reading.fault(this.there, "MessageType is missing") };
    const type = this.u32(SIGNATURE);
    const layout = layouts[type];
    const signature: Element = { name: "Signature", offset: start, length: SIGNATURE, value: "NTLMSSP" };
    if (layout === undefined) {
      const fault = reading.fault(start + SIGNATURE, `MessageType 1, 2 or 3 expected, found ${type}`);
      return {
        ...base,
        children: [signature, { name: "MessageType", offset: start + SIGNATURE, length: 4, ...fault }],
      };
    }
    this.survey(layout.rows);
    const rows = layout.rows.filter((row) => this.isThere(row)).map((row) => this.row(row));
    const number: Element = {
      name: "MessageType",
      offset: start + SIGNATURE,
      length: 4,
      value: type,
      note: layout.name,
    };
    return { ...base, name: layout.name, children: [signature, number, ...rows] };
  }

  /** First what must not be shown, so that nothing else can point into it; and the flags, which say how texts are written. */
  private survey(rows: readonly Row[]): void {
    for (const [at, name, kind] of rows) {
      if (this.start + at + sizes[kind] > this.there) continue;
      if (kind === "flags") this.flags = this.u32(at);
      if (kind === "bytes8") this.secrets.push({ name, start: this.start + at, end: this.start + at + sizes[kind] });
      if (sizes[kind] !== 8 || kind === "bytes8" || kind === "version") continue;
      const part = this.part(at, name);
      if (part.end > part.start) this.payload = Math.min(this.payload, part.start);
      if (kind === "secret" || kind === "response") this.secrets.push(part);
    }
    const mic = rows.find(([, , kind]) => kind === "mic");
    if (mic !== undefined)
      this.secrets.push({
        name: mic[1],
        start: this.start + mic[0],
        end: Math.min(this.start + mic[0] + sizes.mic, this.payload),
      });
  }

  /** Old clients leave off the end of the fixed part; where the input ends, a row is told as missing. */
  private isThere([at, , kind]: Row): boolean {
    if (kind === "version" && (this.flags & VERSION) === 0) return false;
    if (kind === "version" && this.payload === this.end) return true;
    return (
      this.start + at + sizes[kind] <= this.payload ||
      (kind !== "version" && kind !== "mic" && kind !== "flags" && kind !== "pairs")
    );
  }

  private row([at, name, kind]: Row): Element {
    const offset = this.start + at;
    const place = { name, offset, length: sizes[kind] };
    if (offset + sizes[kind] > this.there) return { ...place, ...this.reading.fault(this.there, `${name} is cut`) };
    switch (kind) {
      case "flags":
        return { ...place, value: hex(this.flags, 8), note: ntlmFlagNames(this.flags).join(", ") };
      case "bytes8":
      case "mic":
        return { ...place, note: `${sizes[kind]} bytes (not shown)` };
      case "version":
        return { ...place, value: `${this.u8(at)}.${this.u8(at + 1)}.${this.view.getUint16(offset + 2, true)}` };
      default:
        return this.pointed(at, name, kind);
    }
  }

  /** The part that the length (16 bits, twice) and offset (32 bits) at `at` point to. */
  private part(at: number, name: string): Span {
    const start = this.start + this.u32(at + 4);
    return { name, start, end: start + this.view.getUint16(this.start + at, true) };
  }

  private pointed(at: number, name: string, kind: "text" | "secret" | "response" | "pairs"): Element {
    const part = this.part(at, name);
    const length = part.end - part.start;
    if (length === 0) return { name, offset: this.start + at, length: 8, note: "empty" };
    const place = { name, offset: part.start, length };
    if (part.end > this.end) {
      const text = `${name} should lie at offset ${part.start - this.start}, ${length} bytes long: beyond the message`;
      return { name, offset: this.start + at, length: 8, ...this.reading.fault(this.start + at, text) };
    }
    if (part.end > this.there) return { ...place, problem: "cut (not shown)" };
    if (kind === "secret") return { ...place, note: `${length} bytes (not shown)` };
    if (kind === "response") return { ...place, ...this.response(part) };
    const secret = this.secrets.find((one) => one.start < part.end && part.start < one.end);
    if (secret !== undefined)
      return { ...place, ...this.reading.fault(this.start + at, `${name} overlaps ${secret.name}`) };
    if (kind === "text") return { ...place, ...this.text(part) };
    return { ...place, children: this.pairs(part.start, part.end, this.secrets) };
  }

  private text({ start, end }: Span): Content {
    const octets = this.reading.bytes.subarray(start, end);
    if ((this.flags & UNICODE) !== 0) return { value: unicode(octets) };
    const { text, end: sound } = soundText(octets);
    if (sound === octets.length) return { value: text };
    return { value: text, note: `${octets.length - sound} more bytes are no ASCII text (not shown)` };
  }

  /** Of an NTLMv2 response what is no secret: time stamp and AV pairs (MS-NLMP 2.2.2.7, 2.2.2.8). */
  private response({ start, end }: Span): Content {
    const note = `${end - start} bytes (not shown)`;
    const { bytes } = this.reading;
    const isV2 = end - start > 44 && bytes[start + 16] === 1 && bytes[start + 17] === 1;
    if (!isV2) return { note: end - start === 24 ? `NTLMv1 response, ${note}` : note };
    const others = this.secrets.filter((one) => one.start !== start);
    const head = { name: "NTProofStr and client challenge", offset: start, length: 44, note: "44 bytes (not shown)" };
    return { note: `NTLMv2 response, ${note}`, children: [head, ...this.pairs(start + 44, end, others)] };
  }

  private pairs(start: number, end: number, secrets: readonly Span[]): Element[] {
    return avPairElements(this.reading, start, end, (from, to) =>
      secrets.some((one) => one.start < to && from < one.end),
    );
  }

  private u8(at: number): number {
    return this.view.getUint8(this.start + at);
  }

  private u32(at: number): number {
    return this.view.getUint32(this.start + at, true);
  }
}
