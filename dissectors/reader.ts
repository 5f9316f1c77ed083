import { Malformed } from "../src/bytes/malformed.ts";
import { textOf } from "../src/bytes/text.ts";
import { unicode } from "../src/bytes/unicode.ts";

const TICKS_PER_SECOND = 10_000_000n;
const TICKS_TO_1970 = 116_444_736_000_000_000n;

/** Reads little-endian numbers and the parts they point to, and never beyond `bytes`. */
export class Reader {
  readonly length: number;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(at: number, what: string): number {
    return this.view.getUint8(this.within(at, 1, what));
  }

  u16(at: number, what: string): number {
    return this.view.getUint16(this.within(at, 2, what), true);
  }

  u32(at: number, what: string): number {
    return this.view.getUint32(this.within(at, 4, what), true);
  }

  /** 64 bits as hexadecimal digits, the highest first. */
  hex64(at: number, what: string): string {
    return this.view
      .getBigUint64(this.within(at, 8, what), true)
      .toString(16)
      .padStart(16, "0");
  }

  /** 64 bits as a number; beyond 2⁵³ the last digits are lost. */
  u64(at: number, what: string): number {
    return Number(this.view.getBigUint64(this.within(at, 8, what), true));
  }

  /** FILETIME (100 ns since 1601, MS-DTYP 2.3.3) as seconds since 1970 with seven decimals; null before that. */
  filetime(at: number, what: string): string | null {
    const ticks = this.view.getBigUint64(this.within(at, 8, what), true) - TICKS_TO_1970;
    if (ticks < 0n) return null;
    return `${ticks / TICKS_PER_SECOND}.${String(ticks % TICKS_PER_SECOND).padStart(7, "0")}`;
  }

  slice(at: number, length: number, what: string): Uint8Array {
    this.within(at, length, what);
    return this.bytes.subarray(at, at + length);
  }

  /** The part that the length (16 bits, twice) and offset (32 bits) at `at` point to; empty whatever the offset of an empty one. */
  part(at: number, what: string): Uint8Array {
    const length = this.u16(at, what);
    const offset = this.u32(at + 4, what);
    return length === 0 ? this.bytes.subarray(0, 0) : this.slice(offset, length, what);
  }

  /** A part that is text: UTF-16LE, or the sender's own code page, which nothing names and whose ASCII is read (MS-NLMP 2.2). */
  text(at: number, wide: boolean, what: string): string {
    const part = this.part(at, what);
    return wide ? unicode(part) : textOf(part, 0, part.length);
  }

  private within(at: number, length: number, what: string): number {
    if (at + length > this.length) throw new Malformed(`${what} lies beyond the message`, at);
    return at;
  }
}
