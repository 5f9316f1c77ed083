import { findByte } from "../../src/bytes/find.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { textOf } from "../../src/bytes/text.ts";
import { isSpace } from "./characters.ts";
import { Words } from "./words.ts";

/** The fields that anybody asks for; all others are passed over unread. */
const FIELDS = [
  ...["host", "user-agent", "via", "authorization", "proxy-authorization", "expect"],
  ...["www-authenticate", "proxy-authenticate", "server", "date", "location"],
  ...["connection", "proxy-connection", "transfer-encoding", "content-length"],
] as const;
export type FieldName = (typeof FIELDS)[number];
const names = new Words(FIELDS);

/** A header block taken apart: where the start line and the wanted fields are, in order. */
export interface Block {
  readonly bytes: Uint8Array;
  /** The start line is `bytes[lineStart, lineEnd)`; what stands around the block belongs to others. */
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly fields: readonly Field[];
  /** Bytes of the block with the empty line that ends it. */
  readonly length: number;
}

/** The value is `bytes[start, end)`, without the blanks around it. */
export interface Field {
  readonly name: FieldName;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * RFC 9112 2.1 and 5. Lines may end without CR; a folded line (5.2) continues the value behind a space; a line that is
 * no field is passed over, as servers do.
 */
export function readBlock(bytes: Uint8Array, start = 0, end = bytes.length): Block {
  const reading = new Reading(bytes);
  let lineStart = -1;
  let lineEnd = -1;
  for (let at = start; at < end; ) {
    const feed = findByte(bytes, LF, at, end);
    const next = feed < 0 ? end : feed;
    const stop = next > at && bytes[next - 1] === CR ? next - 1 : next;
    if (lineStart >= 0) reading.line(at, stop);
    else if (stop > at) {
      lineStart = at;
      lineEnd = stop;
    }
    at = next + 1;
  }
  if (lineStart < 0) throw new Malformed("start line is missing", 0);
  return { bytes, lineStart, lineEnd, fields: reading.end(), length: end - start };
}

class Reading {
  private readonly bytes: Uint8Array;
  private readonly fields: Field[] = [];
  /** Whether the last field is a wanted one. */
  private isWanted = false;
  /** Starts and ends of the lines that continue the last field. */
  private folds: number[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  line(at: number, end: number): void {
    const { bytes } = this;
    const first = bytes[at];
    if (at < end && (first === 0x20 || first === 0x09)) {
      const start = this.trimStart(at, end);
      if (this.isWanted) this.folds.push(start, this.trimEnd(start, end));
      return;
    }
    let colon = at;
    while (colon < end && bytes[colon] !== 0x3a) colon += 1;
    if (colon === at || colon === end) return;
    const name = names.find(bytes, at, this.trimEnd(at, colon));
    this.unfold();
    this.isWanted = name !== null;
    if (name === null) return;
    const start = this.trimStart(colon + 1, end);
    this.fields.push({ name, bytes, start, end: this.trimEnd(start, end) });
  }

  end(): readonly Field[] {
    this.unfold();
    return this.fields;
  }

  /** Joins the last field and the lines that continue it. */
  private unfold(): void {
    const { bytes, folds } = this;
    if (folds.length === 0) return;
    const field = this.fields.pop();
    this.folds = [];
    if (field === undefined) return;
    const parts = [field.start, field.end, ...folds];
    let length = 0;
    for (let part = 0; part < parts.length; part += 2) length += 1 + (parts[part + 1] ?? 0) - (parts[part] ?? 0);
    const joined = new Uint8Array(length).fill(0x20);
    let at = 0;
    for (let part = 0; part < parts.length; part += 2) {
      const end = parts[part + 1] ?? 0;
      // A view of each of thousands of short lines would cost more than its bytes.
      for (let from = parts[part] ?? 0; from < end; from += 1) joined[at++] = bytes[from] ?? 0;
      at += 1;
    }
    this.fields.push({ name: field.name, bytes: joined, start: 0, end: length - 1 });
  }

  private trimStart(start: number, end: number): number {
    let at = start;
    while (at < end && isSpace(this.bytes[at] ?? 0)) at += 1;
    return at;
  }

  private trimEnd(start: number, end: number): number {
    let at = end;
    while (at > start && isSpace(this.bytes[at - 1] ?? 0)) at -= 1;
    return at;
  }
}

/** The first field of that name, null where there is none. */
export function firstOf(block: Block, name: FieldName): Field | null {
  for (const field of block.fields) if (field.name === name) return field;
  return null;
}

const NONE: readonly string[] = [];

/** The members of a comma-separated list field, in lower case (RFC 9110 5.6.1). */
export function membersOf(block: Block, name: FieldName): readonly string[] {
  let members: string[] | null = null;
  for (const field of block.fields) {
    if (field.name !== name) continue;
    const value = textOf(field.bytes, field.start, field.end).toLowerCase();
    const parts = value.includes(",") ? value.split(",").map((member) => member.trim()) : [value.trim()];
    if (members === null) members = parts;
    else for (const part of parts) members.push(part);
  }
  return members ?? NONE;
}
