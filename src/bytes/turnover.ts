/**
 * A map of values that come and go.
 *
 * A `Map` makes itself a new table every so many changes, and the old one, which leads to the new, keeps what stood in
 * it: once one such table is old, nothing that went through the map dies in the nursery any more. Here the tables hold
 * numbers, and the values stand in a list from which they are really gone.
 */
export class Turnover<K, V> {
  private readonly places = new Map<K, number>();
  private readonly values: (V | undefined)[] = [];
  private readonly free: number[] = [];

  get size(): number {
    return this.places.size;
  }

  get(key: K): V | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : this.values[place];
  }

  /** The key must not be there yet. */
  add(key: K, value: V): void {
    const place = this.free.pop() ?? this.values.length;
    this.values[place] = value;
    this.places.set(key, place);
  }

  delete(key: K): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    this.values[place] = undefined;
    this.free.push(place);
    this.places.delete(key);
  }
}
