import { grown } from "./order.ts";

interface Pair {
  readonly key: string;
  readonly value: string;
}

/** Keys, or values, by the others. */
type Index = ReadonlyMap<string, ReadonlySet<string>>;

export const NOTHING: ReadonlySet<string> = new Set();

/** Pairs up to which looking through them is faster than an index. */
const FEW = 8;

/** Values by key, and keys by value, in the order in which they came. Most books hold a pair or two: indexes come late. */
export class Book {
  private pairs: Pair[] | null = null;
  private byKey: Index | null = null;
  private byValue: Index | null = null;

  add(key: string, value: string): void {
    this.pairs = grown(this.pairs, { key, value });
    this.byKey = null;
    this.byValue = null;
  }

  has(key: string): boolean {
    if (this.pairs === null) return false;
    if (this.pairs.length > FEW) return this.valuesOf(key).size > 0;
    for (const pair of this.pairs) if (pair.key === key) return true;
    return false;
  }

  firstKeyOf(value: string): string | undefined {
    if (this.pairs === null) return undefined;
    if (this.pairs.length > FEW) return this.keysOf(value).values().next().value;
    for (const pair of this.pairs) if (pair.value === value) return pair.key;
    return undefined;
  }

  valuesOf(key: string): ReadonlySet<string> {
    if (this.pairs === null) return NOTHING;
    this.byKey ??= indexOf(this.pairs, "key", "value");
    return this.byKey.get(key) ?? NOTHING;
  }

  keysOf(value: string): ReadonlySet<string> {
    if (this.pairs === null) return NOTHING;
    this.byValue ??= indexOf(this.pairs, "value", "key");
    return this.byValue.get(value) ?? NOTHING;
  }
}

function indexOf(pairs: readonly Pair[], by: keyof Pair, what: keyof Pair): Index {
  const index = new Map<string, Set<string>>();
  for (const pair of pairs) {
    const known = index.get(pair[by]);
    if (known) known.add(pair[what]);
    else index.set(pair[by], new Set([pair[what]]));
  }
  return index;
}
