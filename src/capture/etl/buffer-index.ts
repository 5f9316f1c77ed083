/** One buffer of the file, as far as reading its events needs to know. */
export interface BufferPlace {
  /** Offset in the file of its header, and bytes of it that are there. */
  readonly from: number;
  readonly size: number;
  /** Bytes of header and events, once decompressed. */
  readonly filled: number;
  readonly isCompressed: boolean;
  /** Damage in it is not told: the file ends within it, which was told, or it is meant for something else than events. */
  readonly isExcused: boolean;
  readonly processor: number;
  /** No event of it has a lower count, as far as its beginning tells. */
  readonly first: number;
}

const COLUMNS = 5;

/** The buffers of a file, 44 bytes for each. */
export class BufferIndex {
  count = 0;
  private rows = new Float64Array(64 * COLUMNS);
  private order = new Uint32Array(0);

  add({ from, size, filled, first, processor, isCompressed, isExcused }: BufferPlace): void {
    const at = this.count * COLUMNS;
    if (at === this.rows.length) {
      const grown = new Float64Array(this.rows.length * 2);
      grown.set(this.rows);
      this.rows = grown;
    }
    this.rows.set([from, size, filled, first, processor * 4 + (isExcused ? 2 : 0) + (isCompressed ? 1 : 0)], at);
    this.count += 1;
  }

  /** By first count, then by place in the file; ranks count in this order. */
  sort(): void {
    const { rows } = this;
    const firstOf = (index: number) => rows[index * COLUMNS + 3] ?? 0;
    this.order = Uint32Array.from({ length: this.count }, (_, index) => index);
    this.order.sort((a, b) => compare(firstOf(a), firstOf(b)) || a - b);
  }

  firstOf(rank: number): number {
    return this.rows[(this.order[rank] ?? 0) * COLUMNS + 3] ?? 0;
  }

  place(rank: number): BufferPlace {
    const at = (this.order[rank] ?? 0) * COLUMNS;
    const [from = 0, size = 0, filled = 0, first = 0, kind = 0] = this.rows.subarray(at, at + COLUMNS);
    return {
      from,
      size,
      filled,
      first,
      processor: kind >>> 2,
      isCompressed: (kind & 1) !== 0,
      isExcused: (kind & 2) !== 0,
    };
  }
}

/** Also of infinities, whose difference is no number. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
