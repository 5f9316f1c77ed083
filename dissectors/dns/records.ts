import { limits } from "../../src/bytes/limits.ts";
import type { DnsRecord } from "./message.ts";

export const NO_RECORDS: readonly DnsRecord[] = [];
const BYTES_TO_TELL_APART = 16;

/** Records read lately, each in a list of its own, at the place of its hash. */
const known = new Array<readonly DnsRecord[]>(limits.sharedRecords).fill(NO_RECORDS);

/**
 * A list of one record, whose data is `bytes[start, end)`. Servers give the same answers to one client after the other,
 * most of one record, so equal lists of one are one list, which nobody may change.
 */
export function listOfOne(
  name: string,
  type: string,
  data: string,
  bytes: Uint8Array,
  start: number,
  end: number,
): readonly DnsRecord[] {
  const place = hash(name.length, bytes, start, Math.min(end, start + BYTES_TO_TELL_APART));
  const list = known[place] ?? NO_RECORDS;
  const record = list[0];
  if (record !== undefined && record.name === name && record.data === data && record.type === type) return list;
  const made = [{ name, type, data }];
  known[place] = made;
  return made;
}

function hash(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let number = seed;
  for (let at = start; at < end; at++) number = Math.imul(number ^ (bytes[at] ?? 0), 0x01000193);
  return (number ^ (number >>> 15)) & (limits.sharedRecords - 1);
}
