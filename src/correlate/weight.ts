import type { Message } from "../../dissectors/registry.ts";
import type { Evidence, Seen } from "./evidence.ts";

/** What an object costs besides its members, and each member, besides the text that it is. */
const OBJECT = 32;
const MEMBER = 8;

/**
 * Bytes that a message and those inside it keep, roughly: a name of two thousand letters, or a list of two thousand
 * records, weighs what it weighs. What else there is of an observation is as large as that of any other.
 */
export function weightOf(message: Message, inside: readonly Message[]): number {
  return weightOfValue(message) + weightOfValue(inside);
}

/** The same of all messages that a client's evidence holds. */
export function weightOfEvidence(evidence: Evidence): number {
  const { dns, kdc, services, sealed, pings, uses, passwords, netbios } = evidence;
  const kinds: readonly (readonly Seen[])[] = [dns, kdc, services, sealed, pings, uses, passwords, netbios];
  let weight = 0;
  for (const pieces of kinds)
    for (const piece of pieces) for (const part of Object.values(piece)) weight += weightOfPart(part);
  return weight;
}

function weightOfPart(part: unknown): number {
  if (Array.isArray(part)) return part.reduce((weight: number, each: unknown) => weight + weightOfPart(each), 0);
  if (typeof part !== "object" || part === null || !("message" in part && "inside" in part)) return 0;
  return weightOfValue(part.message) + weightOfValue(part.inside);
}

function weightOfValue(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return weightOfList(value);
  return isRecord(value) ? weightOfRecord(value) : 0;
}

function weightOfList(list: readonly unknown[]): number {
  let weight = OBJECT;
  for (const value of list) weight += MEMBER + weightOfValue(value);
  return weight;
}

/** Every message is weighed: going through the keys takes half the time of a list of the values. */
function weightOfRecord(record: Readonly<Record<string, unknown>>): number {
  let weight = OBJECT;
  for (const key in record) weight += MEMBER + weightOfValue(record[key]);
  return weight;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
