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
  readonly firstField: Field | null;
  /** Bytes of the block with the empty line that ends it. */
  readonly length: number;
}

/** The value is `bytes[start, end)`, without the blanks around it. */
export interface Field {
  readonly name: FieldName;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly next: Field | null;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * RFC 9112 2.1 and 5. Lines may end without CR; a folded line (5.2) continues the value behind a space; a line that is
 * no field is passed over, as servers do.
 */
export function readBlock(bytes: Uint8Array, start = 0, end = bytes.length): Block {
  const block = new ReadBlock(bytes, end - start);
  for (let at = start; at < end; ) {
    const feed = findByte(bytes, LF, at, end);
    const next = feed < 0 ? end : feed;
    block.line(at, next > at && bytes[next - 1] === CR ? next - 1 : next);
    at = next + 1;
  }
  if (block.lineStart < 0) throw new Malformed("start line is missing", 0);
  block.unfold();
  return block;
}

interface ReadField extends Field {
  bytes: Uint8Array;
  start: number;
  end: number;
  next: ReadField | null;
}

const NO_FOLDS: number[] = [];

/** Most have two or three wanted fields, and none is kept for longer than it takes to read them: a chain of few objects. */
class ReadBlock implements Block {
  readonly bytes: Uint8Array;
  readonly length: number;
  lineStart = -1;
  lineEnd = -1;
  firstField: ReadField | null = null;
  private lastField: ReadField | null = null;
  /** Whether the last field is a wanted one. */
  private isWanted = false;
  /** Starts and ends of the lines that continue the last field. */
  private folds = NO_FOLDS;

  constructor(bytes: Uint8Array, length: number) {
    this.bytes = bytes;
    this.length = length;
  }

  /** The next line; empty ones before the start line say nothing. */
  line(at: number, end: number): void {
    if (this.lineStart >= 0) this.field(at, end);
    else if (end > at) {
      this.lineStart = at;
      this.lineEnd = end;
    }
  }

  private field(at: number, end: number): void {
    const { bytes } = this;
    const first = bytes[at];
    if (at < end && (first === 0x20 || first === 0x09)) {
      this.fold(at, end);
      return;
    }
    let colon = at;
    while (colon < end && bytes[colon] !== 0x3a) colon += 1;
    if (colon === at || colon === end) return;
    const name = names.find(bytes, at, trimEnd(bytes, at, colon));
    this.unfold();
    this.isWanted = name !== null;
    if (name === null) return;
    const start = trimStart(bytes, colon + 1, end);
    const field: ReadField = { name, bytes, start, end: trimEnd(bytes, start, end), next: null };
    if (this.lastField === null) this.firstField = field;
    else this.lastField.next = field;
    this.lastField = field;
  }

  private fold(at: number, end: number): void {
    if (!this.isWanted) return;
    const start = trimStart(this.bytes, at, end);
    if (this.folds === NO_FOLDS) this.folds = [];
    this.folds.push(start, trimEnd(this.bytes, start, end));
  }

  /** Joins the last field and the lines that continue it. */
  unfold(): void {
    const { bytes, folds, lastField } = this;
    if (folds === NO_FOLDS || lastField === null) return;
    this.folds = NO_FOLDS;
    const parts = [lastField.start, lastField.end, ...folds];
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
    lastField.bytes = joined;
    lastField.start = 0;
    lastField.end = length - 1;
  }
}

function trimStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(bytes[at] ?? 0)) at += 1;
  return at;
}

function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(bytes[at - 1] ?? 0)) at -= 1;
  return at;
}

/** The first field of that name, null where there is none. */
export function firstOf(block: Block, name: FieldName): Field | null {
  return nextOf(block.firstField, name);
}

/** The first of `field` and those behind it that has that name. */
export function nextOf(from: Field | null, name: FieldName): Field | null {
  let field = from;
  while (field !== null && field.name !== name) field = field.next;
  return field;
}

const NONE: readonly string[] = [];

/** The members of a comma-separated list field, in lower case (RFC 9110 5.6.1). */
export function membersOf(block: Block, name: FieldName): readonly string[] {
  let members: string[] | null = null;
  for (let field = firstOf(block, name); field !== null; field = nextOf(field.next, name)) {
    const value = textOf(field.bytes, field.start, field.end).toLowerCase();
    const parts = value.includes(",") ? value.split(",").map((member) => member.trim()) : [value.trim()];
    if (members === null) members = parts;
    else for (const part of parts) members.push(part);
  }
  return members ?? NONE;
}
