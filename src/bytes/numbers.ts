import { limits } from "./limits.ts";

const NONE: readonly number[] = [];
/** Lists read lately, in pairs by hash, the newer of a pair first. */
const known = new Array<readonly number[]>(limits.sharedLists).fill(NONE);
const PAIRS = limits.sharedLists / 2 - 1;

/** A list while it is read: one for each place that reads lists, which is used again and again. */
export class NumberList {
  private readonly numbers: number[] = [];
  private length = 0;

  clear(): void {
    this.length = 0;
  }

  add(number: number): void {
    this.numbers[this.length++] = number;
  }

  /**
   * The numbers in a list that nobody may change. Every client of a kind asks for the same etypes with the same padata,
   * so equal short lists are one list, which takes no more room than it needs.
   */
  shared(): readonly number[] {
    const { numbers, length } = this;
    if (length === 0) return NONE;
    if (length > limits.sharedListNumbers) return numbers.slice(0, length);
    let hash = length;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (numbers[i] ?? 0), 0x01000193);
    const newer = ((hash ^ (hash >>> 15)) & PAIRS) * 2;
    const first = known[newer] ?? NONE;
    if (isSame(first, numbers, length)) return first;
    const second = known[newer + 1] ?? NONE;
    if (isSame(second, numbers, length)) return second;
    const list = numbers.slice(0, length);
    known[newer + 1] = first;
    known[newer] = list;
    return list;
  }
}

function isSame(list: readonly number[], numbers: readonly number[], length: number): boolean {
  if (list.length !== length) return false;
  for (let i = 0; i < length; i++) if (list[i] !== numbers[i]) return false;
  return true;
}
