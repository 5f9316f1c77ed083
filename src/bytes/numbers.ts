import { limits } from "./limits.ts";

const NONE: readonly number[] = [];
/** Lists read lately, in pairs by hash, the newer of a pair first. */
const known: (readonly number[])[] = Array.from({ length: limits.sharedLists }, () => NONE);
const PAIRS = limits.sharedLists / 2 - 1;

/**
 * The same numbers in a list that nobody may change. Every client of a kind asks for the same etypes with the same
 * padata, so equal short lists are one list, which takes no more room than it needs.
 */
export function shared(numbers: readonly number[]): readonly number[] {
  const { length } = numbers;
  if (length === 0) return NONE;
  if (length > limits.sharedListNumbers) return numbers.slice();
  let hash = length;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (numbers[i] ?? 0), 0x01000193);
  const newer = ((hash ^ (hash >>> 15)) & PAIRS) * 2;
  const first = known[newer] ?? NONE;
  if (isSame(first, numbers)) return first;
  const second = known[newer + 1] ?? NONE;
  if (isSame(second, numbers)) return second;
  const list = numbers.slice();
  known[newer + 1] = first;
  known[newer] = list;
  return list;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
