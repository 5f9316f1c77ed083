/**
 * The values of the keys that came last, at most so many.
 *
 * A map alone finds its oldest key behind the gaps of all that were dropped before: here the keys stand in a ring.
 */
export class Latest<K, V> {
  private readonly values = new Map<K, V>();
  private readonly ring: K[] = [];
  private oldest = 0;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  get size(): number {
    return this.values.size;
  }

  get(key: K): V | undefined {
    return this.values.get(key);
  }

  has(key: K): boolean {
    return this.values.has(key);
  }

  /** Makes room first. */
  set(key: K, value: V): void {
    if (this.values.size >= this.most) this.forgetOldest();
    if (!this.values.has(key)) this.ring[(this.oldest + this.values.size) % this.most] = key;
    this.values.set(key, value);
  }

  private forgetOldest(): void {
    const key = this.ring[this.oldest];
    if (key !== undefined) this.values.delete(key);
    this.oldest = (this.oldest + 1) % this.most;
  }
}
