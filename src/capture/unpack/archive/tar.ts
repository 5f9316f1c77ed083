import { limits } from "../../../bytes/limits.ts";
import type { ProblemSink } from "../../../model/problem.ts";
import type { ByteRange } from "../../reader.ts";
import type { Archive, Member } from "./member.ts";

const BLOCK = 512;
const CUT = "the tar archive is cut short; what stands before was read";
const DAMAGED = "the tar archive is damaged; what stands before was read";

/** Kinds of entries (POSIX pax, "ustar Interchange Format"; GNU tar's long names). */
const regular = new Set(["0", "\0", "7"]);
const LONG_NAME = "L";
const EXTENDED = "x";

/** tar as POSIX (ustar, pax) and GNU write it. */
export const tar: Archive = {
  *members(size, report) {
    const members: Member[] = [];
    let told: Told = {};
    let at = 0;
    for (let entries = 0; at + BLOCK <= size; entries++) {
      if (entries >= limits.archiveMembers) return ended(tooMany(), report, members);
      const header = (yield { from: at, length: BLOCK }).slice();
      if (header.every((byte) => byte === 0)) return members;
      if (header.length < BLOCK || !isRight(header)) return ended(DAMAGED, report, members);
      const length = told.size ?? numberAt(header, 124, 12);
      const kind = String.fromCharCode(header[156] ?? 0);
      at += BLOCK;
      if (kind === LONG_NAME || kind === EXTENDED) told = { ...told, ...(yield* extension(kind, at, length)) };
      else {
        if (regular.has(kind)) members.push(memberOf(header, told, at, Math.min(length, size - at)));
        told = {};
      }
      if (length > size - at) return ended(CUT, report, members);
      at += Math.ceil(length / BLOCK) * BLOCK;
    }
    return members;
  },
};

/** What an entry in front of another says of it. */
interface Told {
  readonly name?: string;
  readonly size?: number;
}

function* extension(kind: string, from: number, length: number): Generator<ByteRange, Told, Uint8Array> {
  const bytes = length === 0 ? new Uint8Array(0) : yield { from, length: Math.min(length, limits.archiveNameBytes) };
  const text = new TextDecoder().decode(bytes);
  if (kind === LONG_NAME) return { name: untilZero(text) };
  const value = (key: string) => new RegExp(`(?:^|\\n)\\d+ ${key}=([^\\n]*)`).exec(text)?.[1];
  const name = value("path");
  const size = Number(value("size") ?? Number.NaN);
  return { ...(name === undefined ? {} : { name }), ...(Number.isSafeInteger(size) && size >= 0 ? { size } : {}) };
}

function memberOf(header: Uint8Array, told: Told, at: number, packedSize: number): Member {
  const prefix = textAt(header, 345, 155);
  const name = textAt(header, 0, 100);
  const whole = prefix === "" || textAt(header, 257, 6) !== "ustar" ? name : `${prefix}/${name}`;
  return { name: told.name ?? whole, at, packedSize, coding: { kind: "stored", checksum: null } };
}

/** The sum of all bytes, those of the sum itself taken as spaces. */
function isRight(header: Uint8Array): boolean {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return sum === numberAt(header, 148, 8);
}

/** Octal digits; or, behind a first byte of 0x80, a big-endian number. */
function numberAt(header: Uint8Array, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  if (field[0] !== 0x80) return Number.parseInt(textAt(header, at, length).trim(), 8) || 0;
  return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
}

function textAt(header: Uint8Array, at: number, length: number): string {
  return untilZero(new TextDecoder().decode(header.subarray(at, at + length)));
}

function untilZero(text: string): string {
  return text.split("\0", 1)[0] ?? "";
}

function ended(text: string, report: ProblemSink, members: readonly Member[]): readonly Member[] {
  report({ text });
  return members;
}

function tooMany(): string {
  return `more than ${limits.archiveMembers} entries are in the archive; the rest was not looked at`;
}
