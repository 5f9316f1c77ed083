import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { textOf } from "../../src/bytes/text.ts";

export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const ENUMERATED = 0x0a;
export const SEQUENCE = 0x30;
export const SET = 0x31;

/**
 * A reader of BER as RFC 4511 5.1 restricts it: definite lengths, which need not be minimal (Windows writes
 * `84 00 00 00 nn` everywhere, so the DER cursor of Kerberos would refuse it). Throws `Malformed`.
 */
export class Ber {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  /** The contents of the element that was stepped over last are `bytes[from, to)`. */
  private from = 0;
  private to = 0;
  private readonly depth: number;
  /** Shared by a reader and those of its parts. */
  private readonly count: { elements: number };

  constructor(bytes: Uint8Array, at = 0, end = bytes.length, depth = 0, count = { elements: 0 }) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.depth = depth;
    this.count = count;
  }

  more(): boolean {
    return this.at < this.end;
  }

  /** Identifier octet of the next element; -1 behind the last. */
  tag(): number {
    return this.at < this.end ? (this.bytes[this.at] ?? 0) : -1;
  }

  /** Steps over the next element; of any kind where no tag is given. */
  skip(what: string, tag?: number): void {
    const { bytes, at, end } = this;
    if (tag !== undefined && at < end && bytes[at] !== tag) throw new Malformed(`${what} of another type`, at);
    if (at + 2 > end) throw new Malformed(`${what} is missing`, at);
    this.count.elements += 1;
    if (this.count.elements > limits.derElements) throw new Malformed("too many elements", at);
    if (((bytes[at] ?? 0) & 0x1f) === 0x1f) throw new Malformed(`${what} has a long tag`, at);
    this.to = this.contents(what);
    if (this.to > end) throw new Malformed(`${what} ends early`, at);
    this.at = this.to;
    if (this.depth >= limits.derDepth) throw new Malformed("nested too deep", this.from);
  }

  /** Steps over the next element and returns a reader of its contents; of any kind where no tag is given. */
  element(what: string, tag?: number): Ber {
    this.skip(what, tag);
    return new Ber(this.bytes, this.from, this.to, this.depth + 1, this.count);
  }

  octets(what: string): Uint8Array {
    this.skip(what, OCTET_STRING);
    return this.bytes.subarray(this.from, this.to);
  }

  /** At most `limits.ldapTextBytes` of it. */
  text(what: string): string {
    this.skip(what, OCTET_STRING);
    return textOf(this.bytes, this.from, Math.min(this.to, this.from + limits.ldapTextBytes));
  }

  /** What is left to read, as text of at most `limits.ldapTextBytes`. */
  ownText(): string {
    return textOf(this.bytes, this.at, Math.min(this.end, this.at + limits.ldapTextBytes));
  }

  /** A number that is not negative and has at most 32 bits. */
  number(what: string, tag = INTEGER): number {
    this.skip(what, tag);
    const { bytes, from, to } = this;
    if (to === from || to - from > 5) throw new Malformed(`${what} has ${to - from} bytes`, from);
    let value = 0;
    for (let index = from; index < to; index += 1) value = value * 256 + (bytes[index] ?? 0);
    if (value > 0xffff_ffff) throw new Malformed(`${what} is too large`, from);
    return value;
  }

  /** Finds the contents of the next element and returns where they end. */
  private contents(what: string): number {
    const { bytes, at } = this;
    const first = bytes[at + 1] ?? 0;
    this.from = at + 2;
    if (first < 0x80) return this.from + first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new Malformed(`${what} has a length of ${count} bytes`, at);
    if (at + 2 + count > this.end) throw new Malformed(`${what} ends early`, at);
    let length = 0;
    for (let index = 2; index < 2 + count; index += 1) length = length * 256 + (bytes[at + index] ?? 0);
    this.from = at + 2 + count;
    return this.from + length;
  }
}
