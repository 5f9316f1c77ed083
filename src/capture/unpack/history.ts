/** What came out of a decompressor lately: as much as may be repeated, and what nobody has taken yet. */
export class History {
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the next byte goes; all of `bytes` before it is what came out last. */
  at = 0;
  private taken = 0;
  private window = 0;

  /** Forgets what came out; from now on the last `window` bytes can be repeated. */
  begin(window: number): void {
    this.at = 0;
    this.taken = 0;
    this.window = window;
  }

  /**
   * Makes room for `length` bytes; what came out before must have been taken.
   *
   * Memory follows what really comes out, not the window a file claims. A full buffer moves its window to the front,
   * so rarely that each byte is moved about once.
   */
  reserve(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const kept = Math.min(this.at, this.window);
    const largest = this.window + length + Math.min(this.window, SLACK);
    const wanted = Math.max(kept + length, Math.min(largest, this.at * 2));
    const target = wanted > this.bytes.length ? new Uint8Array(wanted) : this.bytes;
    if (target === this.bytes) target.copyWithin(0, this.at - kept, this.at);
    else target.set(this.bytes.subarray(this.at - kept, this.at));
    this.bytes = target;
    this.at = kept;
    this.taken = kept;
  }

  append(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  repeat(byte: number, length: number): void {
    this.bytes.fill(byte, this.at, this.at + length);
    this.at += length;
  }

  /** What came out since the last time; valid until room is made for more. */
  take(): Uint8Array {
    const from = this.taken;
    this.taken = this.at;
    return this.bytes.subarray(from, this.at);
  }
}

const SLACK = 16 * 1024 * 1024;
