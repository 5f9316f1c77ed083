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
  private readonly depth: number;
  /** Shared by a reader and those of its parts. */
  private readonly count: { elements: number };

  constructor(bytes: Uint8Array, at = 0, end = bytes.length, depth = 0, count = { elements: 0 }) {
    if (depth > limits.derDepth) throw new Malformed("nested too deep", at);
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

  /** Steps over the next element and returns a reader of its contents; of any kind where no tag is given. */
  element(what: string, tag?: number): Ber {
    const at = this.at;
    if (tag !== undefined && this.more() && this.tag() !== tag) throw new Malformed(`${what} of another type`, at);
    if (at + 2 > this.end) throw new Malformed(`${what} is missing`, at);
    this.count.elements += 1;
    if (this.count.elements > limits.derElements) throw new Malformed("too many elements", at);
    if (((this.bytes[at] ?? 0) & 0x1f) === 0x1f) throw new Malformed(`${what} has a long tag`, at);
    const start = this.length(what);
    const end = start.from + start.length;
    if (end > this.end) throw new Malformed(`${what} ends early`, at);
    this.at = end;
    return new Ber(this.bytes, start.from, end, this.depth + 1, this.count);
  }

  octets(what: string): Uint8Array {
    const { bytes, at, end } = this.element(what, OCTET_STRING);
    return bytes.subarray(at, end);
  }

  text(what: string): string {
    return this.element(what, OCTET_STRING).ownText();
  }

  /** What is left to read, as text of at most `limits.ldapTextBytes`. */
  ownText(): string {
    return textOf(this.bytes, this.at, Math.min(this.end, this.at + limits.ldapTextBytes));
  }

  /** A number that is not negative and has at most 32 bits. */
  number(what: string, tag = INTEGER): number {
    const { bytes, at, end } = this.element(what, tag);
    if (end === at || end - at > 5) throw new Malformed(`${what} has ${end - at} bytes`, at);
    let value = 0;
    for (let index = at; index < end; index += 1) value = value * 256 + (bytes[index] ?? 0);
    if (value > 0xffff_ffff) throw new Malformed(`${what} is too large`, at);
    return value;
  }

  private length(what: string): { readonly from: number; readonly length: number } {
    const first = this.bytes[this.at + 1] ?? 0;
    const from = this.at + 2;
    if (first < 0x80) return { from, length: first };
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new Malformed(`${what} has a length of ${count} bytes`, this.at);
    if (from + count > this.end) throw new Malformed(`${what} ends early`, this.at);
    let length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + (this.bytes[from + index] ?? 0);
    return { from: from + count, length };
  }
}
