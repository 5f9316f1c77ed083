import { Damage } from "../damage.ts";

/** Zeros that must follow the bytes of a bit stream: bits are read four bytes at a time. */
export const PADDING = 8;

/** A bit stream that is read from its end to its start (RFC 8878 4.1), in a buffer with `PADDING` behind it. */
export class BackwardBits {
  private readonly view: DataView;
  private readonly start: number;
  /** Bits not read yet; below zero where zeros were read beyond the start. */
  left: number;

  /** The last byte of `[from, to)` holds a 1 above its bits. */
  constructor(view: DataView, from: number, to: number) {
    const last = to > from ? view.getUint8(to - 1) : 0;
    if (last === 0) throw new Damage("a bit stream without end");
    this.view = view;
    this.start = from;
    this.left = (to - from) * 8 - 1 - Math.clz32(last << 24);
  }

  /** Up to 25 bits. */
  read(count: number): number {
    this.left -= count;
    const { left } = this;
    if (left < 0) return this.beyond(count);
    return (this.view.getUint32(this.start + (left >>> 3), true) >>> (left & 7)) & ((1 << count) - 1);
  }

  /** Up to 50 bits, as far as a number holds them. */
  readLong(count: number): number {
    if (count <= 16) return this.read(count);
    const high = this.read(count - 16);
    return high * 0x10000 + this.read(16);
  }

  private beyond(count: number): number {
    const here = this.left + count;
    if (here <= 0) return 0;
    return (this.view.getUint32(this.start, true) & ((1 << here) - 1)) << (count - here);
  }
}
