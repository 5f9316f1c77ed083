/**
 * The values of the keys used last: at least half of `most`, never more than `most`.
 *
 * Two maps take turns. One map that drops its oldest key each time would walk over the gaps of all keys dropped before.
 */
export class Recent<V> {
  /** Something was dropped: a key that is not here may have been. */
  forgets = false;
  private young = new Map<string, V>();
  private old = new Map<string, V>();
  private readonly half: number;

  constructor(most: number) {
    this.half = most >> 1;
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  get(key: string): V | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;
    const kept = this.old.get(key);
    if (kept !== undefined) {
      this.old.delete(key);
      this.set(key, kept);
    }
    return kept;
  }

  set(key: string, value: V): void {
    this.young.set(key, value);
    if (this.young.size < this.half) return;
    if (this.old.size > 0) this.forgets = true;
    this.old = this.young;
    this.young = new Map();
  }
}
