import { Malformed } from "../../src/bytes/malformed.ts";

/** A header block taken apart: the start line and the fields in order, names in lower case. */
export interface Block {
  readonly startLine: string;
  readonly fields: readonly Field[];
  /** Bytes of the block with the empty line that ends it. */
  readonly length: number;
}
export interface Field {
  readonly name: string;
  readonly value: string;
}

const utf8 = new TextDecoder();

/**
 * RFC 9112 2.1 and 5. Lines may end without CR; a folded line (5.2) continues the value behind a space; a line that is
 * no field is passed over, as servers do.
 */
export function readBlock(bytes: Uint8Array): Block {
  const lines = utf8.decode(bytes).split("\n").map(withoutReturn);
  const start = lines.findIndex((line) => line !== "");
  const startLine = lines[start];
  if (startLine === undefined) throw new Malformed("start line is missing", 0);
  const fields: { name: string; value: string }[] = [];
  for (const line of lines.slice(start + 1)) addLine(fields, line);
  return { startLine, fields, length: bytes.length };
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function addLine(fields: { name: string; value: string }[], line: string): void {
  const last = fields.at(-1);
  if (line.startsWith(" ") || line.startsWith("\t")) {
    if (last !== undefined) last.value = `${last.value} ${line.trim()}`;
    return;
  }
  const colon = line.indexOf(":");
  if (colon > 0) fields.push({ name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() });
}

/** The values of every field of that name, in order. */
export function valuesOf(block: Block, name: string): readonly string[] {
  return block.fields.filter((field) => field.name === name).map(({ value }) => value);
}

/** The members of a comma-separated list field, in lower case (RFC 9110 5.6.1). */
export function membersOf(block: Block, name: string): readonly string[] {
  return valuesOf(block, name).flatMap((value) =>
    value
      .toLowerCase()
      .split(",")
      .map((member) => member.trim()),
  );
}
