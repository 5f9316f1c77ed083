/** Two to this are the slots. */
const SLOT_BITS = 6;
/** Knuth's multiplier: spreads neighbours over the slots. */
const SPREAD = 2654435769;

/** What is made of numbers of which few come again and again (flags, options): the last one in each slot is kept. */
export class Slots<V> {
  private readonly numbers = new Float64Array(1 << SLOT_BITS).fill(Number.NaN);
  private readonly values: V[] = [];
  private readonly make: (number: number) => V;

  constructor(make: (number: number) => V) {
    this.make = make;
  }

  of(number: number): V {
    const slot = Math.imul(number, SPREAD) >>> (32 - SLOT_BITS);
    const known = this.values[slot];
    if (known !== undefined && this.numbers[slot] === number) return known;
    const value = this.make(number);
    this.numbers[slot] = number;
    this.values[slot] = value;
    return value;
  }
}
