import { cutShort } from "../damage.ts";

/** Bits of a stretch of bytes, the highest of each byte first. */
export class ForwardBits {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  /** Bits that were read. */
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.end = bytes.length * 8;
    this.at = at;
  }

  /** Up to 24 bits. */
  read(count: number): number {
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** Up to 24 bits, zeros behind the end, without going past them. */
  peek(count: number): number {
    const bytes = this.bytes;
    const first = this.at >>> 3;
    const high = ((bytes[first] ?? 0) << 24) | ((bytes[first + 1] ?? 0) << 16);
    const word = high | ((bytes[first + 2] ?? 0) << 8) | (bytes[first + 3] ?? 0);
    return (word << (this.at & 7)) >>> (32 - count);
  }

  skip(count: number): void {
    this.at += count;
    if (this.at > this.end) throw cutShort();
  }
}
