import type { ByteRange } from "./reader.ts";

const NOTHING = new Uint8Array(0);

/** The part of a file that was fed last, of a format that is read by ranges. */
export class FileWindow {
  bytes: Uint8Array = NOTHING;
  view: DataView = new DataView(NOTHING.buffer);
  /** Bytes of the file; fewer once it turned out shorter than was said. */
  size: number;
  private from = 0;
  private wanted: ByteRange | null = null;

  constructor(size: number) {
    this.size = size;
  }

  /** What `find` asked for last. */
  wants(): ByteRange | null {
    return this.wanted;
  }

  /** The bytes wanted last; they stay unchanged until the next call. */
  feed(bytes: Uint8Array): void {
    const { wanted } = this;
    if (wanted === null) return;
    this.wanted = null;
    this.from = wanted.from;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < wanted.length) this.size = wanted.from + bytes.length;
  }

  /** Where in `bytes` stand the `length` bytes at `at`, which lie in the file; -1 where they have to be fed first. */
  find(at: number, length: number, ahead = length): number {
    if (this.holds(at, length)) return at - this.from;
    this.ask(at, Math.max(length, ahead));
    return -1;
  }

  holds(at: number, length: number): boolean {
    return at >= this.from && at + length <= this.from + this.bytes.length;
  }

  /** Asks for the bytes at `at`, as many as the file has. */
  ask(at: number, length: number): void {
    this.wanted = { from: at, length: Math.min(length, this.size - at) };
  }
}
