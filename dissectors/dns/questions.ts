import { limits } from "../../src/bytes/limits.ts";
import { Recall } from "../../src/bytes/recall.ts";
import type { DnsQuestion } from "./message.ts";

/** Type and class, behind the name. */
const FIXED_BYTES = 4;

interface OnlyQuestion {
  readonly name: string;
  readonly list: readonly DnsQuestion[];
}

/** The questions of messages that have one, as nearly all do: clients ask the same things, and servers repeat what was asked. */
export const onlyQuestions = new Recall<OnlyQuestion>(limits.sharedQuestions, limits.sharedQuestionBytes);

/** Where a question ends that begins at `at`; -1 where its name has pointers or goes beyond the bytes. */
export function endOfQuestion(bytes: Uint8Array, at: number): number {
  for (let position = at; position + FIXED_BYTES < bytes.length; ) {
    const length = bytes[position] ?? 0;
    if (length === 0) return position + 1 + FIXED_BYTES;
    if (length > 63) return -1;
    position += 1 + length;
  }
  return -1;
}
