import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { typeName } from "./codes.ts";
import type { DnsMessage, DnsQuestion, DnsRecord } from "./message.ts";
import { readName } from "./name.ts";
import { endOfQuestion, onlyQuestions } from "./questions.ts";
import { type RecordData, recordText } from "./rdata.ts";
import { listOfOne, NO_RECORDS } from "./records.ts";

const HEADER_BYTES = 12;
/** RFC 1035 4.1.3: type, class, TTL, data length. */
const RECORD_FIXED_BYTES = 10;

/** A place in a message, and the data of the record that is read there. */
interface Reading extends RecordData {
  at: number;
  start: number;
  end: number;
  /** How many names were read so far. */
  names: number;
  /** The name of the only question, which nearly every record of an answer points to. */
  asked: string;
}

/** RFC 1035 4.1. `cut`: the capture lacks the end, so records may be missing as where the server set TC. */
export function decodeDns(bytes: Uint8Array, cut: boolean): DnsMessage {
  if (bytes.length < HEADER_BYTES) throw new Malformed("header ends early", bytes.length);
  const flags = u16(bytes, 2);
  const truncated = (flags & 0x0200) !== 0;
  const reading: Reading = { bytes, at: HEADER_BYTES, start: 0, end: 0, names: 0, asked: "" };
  const questions = readQuestions(reading, u16(bytes, 4));
  const answers = readRecords(reading, u16(bytes, 6), truncated || cut);
  // What stands behind the answers is a courtesy of the server: cut, it costs only itself.
  readRecords(reading, u16(bytes, 8), true);
  const additionals = readRecords(reading, u16(bytes, 10), true);
  const message: DnsMessage = {
    protocol: "dns",
    kind: (flags & 0x8000) === 0 ? "query" : "response",
    id: u16(bytes, 0),
    opcode: (flags >> 11) & 15,
    questions,
    rcode: flags & 15,
    answers,
    additionals: additionals.every(isAddress) ? additionals : additionals.filter(isAddress),
    truncated,
  };
  return cut ? { ...message, cut } : message;
}

function isAddress({ type }: DnsRecord): boolean {
  return type === "A" || type === "AAAA";
}

function readQuestions(reading: Reading, count: number): readonly DnsQuestion[] {
  if (count === 1) return onlyQuestion(reading);
  const questions: DnsQuestion[] = [];
  for (let index = 0; index < count; index += 1) questions.push(readQuestion(reading));
  return questions;
}

function onlyQuestion(reading: Reading): readonly DnsQuestion[] {
  const { bytes, at } = reading;
  const end = endOfQuestion(bytes, at);
  const known = end < 0 ? null : onlyQuestions.find(bytes, at, end);
  if (known !== null) {
    reading.names = 1;
    reading.at = end;
    reading.asked = known.name;
    return known.list;
  }
  const question = readQuestion(reading);
  const list = [question];
  reading.asked = question.name;
  if (end >= 0) onlyQuestions.keep(bytes, at, end, { name: question.name, list });
  return list;
}

function readQuestion(reading: Reading): DnsQuestion {
  const name = nextName(reading);
  if (reading.at + 4 > reading.bytes.length) throw new Malformed("question ends early", reading.at);
  const type = typeName(u16(reading.bytes, reading.at));
  reading.at += 4;
  return { name, type };
}

/** The records of a section without OPT (RFC 6891); `mayBeCut`: those before the end of the bytes. */
function readRecords(reading: Reading, count: number, mayBeCut: boolean): readonly DnsRecord[] {
  let records = NO_RECORDS;
  let more: DnsRecord[] | null = null;
  for (let index = 0; index < count; index += 1) {
    if (mayBeCut && !isWhole(reading.bytes, reading.at)) {
      reading.at = reading.bytes.length;
      break;
    }
    const one = readRecord(reading);
    if (records === NO_RECORDS) records = one;
    else if (more === null) more = records.concat(one);
    else more.push(...one);
  }
  // A list that grew has room for a dozen more; what is kept for long takes no more than it needs.
  return more === null ? records : more.slice();
}

/** The record in a list of its own, which is empty for OPT. */
function readRecord(reading: Reading): readonly DnsRecord[] {
  const name = nextName(reading);
  const { bytes, at } = reading;
  const start = at + RECORD_FIXED_BYTES;
  const end = start + u16(bytes, at + 8);
  if (start > bytes.length || end > bytes.length) throw new Malformed("record ends early", at);
  const type = typeName(u16(bytes, at));
  reading.start = start;
  reading.end = end;
  const data = recordText(type, reading);
  reading.at = end;
  return type === "OPT" ? NO_RECORDS : listOfOne(name, type, data, bytes, start, end);
}

function nextName(reading: Reading): string {
  const { bytes, at, asked } = reading;
  reading.names += 1;
  if (reading.names > limits.dnsNames) throw new Malformed("too many names", at);
  if (asked === "" || bytes[at] !== 0xc0 || bytes[at + 1] !== HEADER_BYTES) return readName(reading);
  reading.at = at + 2;
  return asked;
}

/** Whether a record that starts at `at` ends within the bytes. */
function isWhole(bytes: Uint8Array, at: number): boolean {
  let position = at;
  while (position < bytes.length) {
    const length = bytes[position] ?? 0;
    if (length >= 0xc0) {
      position += 2;
      break;
    }
    position += 1 + length;
    if (length === 0) break;
  }
  const start = position + RECORD_FIXED_BYTES;
  return start <= bytes.length && start + u16(bytes, position + 8) <= bytes.length;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
