import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { textOf } from "../../src/bytes/text.ts";

/** Identifier octets of the universal types that our protocols use (X.690 8.1.2). */
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OID = 0x06;
export const ENUMERATED = 0x0a;
export const SEQUENCE = 0x30;
export const GENERALIZED_TIME = 0x18;
export const GENERAL_STRING = 0x1b;

/** The identifier octet of the explicit context tag `[number]`, 0 to 30. */
export function context(number: number): number {
  return 0xa0 | number;
}

/**
 * A cursor over DER that lies in `bytes[start, end)`: it stands before an element and steps over it or into it.
 *
 * Lengths are definite and minimal (X.690 10.1), integers minimal (8.3.2), tag numbers at most 30. Two things are let
 * pass because real implementations do them: an unsigned number whose top bit makes it negative, and elements behind
 * the last known one (RFC 4120 1.5.2 allows for extensions). Whatever else is wrong throws `Malformed`.
 */
export class Der {
  readonly bytes: Uint8Array;
  /** Where the next element begins. */
  at: number;
  /** Where the element that was entered last ends. */
  end: number;
  private depth = 0;
  private elements = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  more(): boolean {
    return this.at < this.end;
  }

  /** Whether the next element has this identifier octet. */
  next(tag: number): boolean {
    return this.at < this.end && this.bytes[this.at] === tag;
  }

  /** Steps into an element (an OCTET STRING too, when it holds DER) and returns what `leave` wants. */
  enter(tag: number, what: string): number {
    const outer = this.end;
    this.end = this.contents(tag, what);
    if (++this.depth > limits.derDepth) throw new Malformed(`${what} is nested too deep`, this.at);
    return outer;
  }

  /** Steps out of the element that was entered last, over whatever is left of it. */
  leave(outer: number): void {
    this.at = this.end;
    this.end = outer;
    this.depth--;
  }

  /** Steps over one element of any kind. */
  skip(what: string): void {
    this.at = this.header(what);
  }

  /**
   * Reads from here something that may be damaged or of another kind, without harm to the rest: null when it is.
   * Wherever `read` ends, the cursor stands where it stood, so that `read` need not leave what it entered. Depth is
   * counted anew: what an OCTET STRING holds is an encoding of its own (a ticket in FAST armor lies 22 levels down).
   */
  attempt<T, Extra>(read: (der: Der, extra: Extra) => T, extra: Extra): T | null {
    const { at, end, depth } = this;
    this.depth = 0;
    try {
      return read(this, extra);
    } catch (error) {
      if (error instanceof Malformed) return null;
      throw error;
    } finally {
      this.at = at;
      this.end = end;
      this.depth = depth;
    }
  }

  int32(what: string): number {
    return this.integer(INTEGER, what, 4) | 0;
  }

  enumerated(what: string): number {
    return this.integer(ENUMERATED, what, 4) | 0;
  }

  /** A number of 32 bits without sign; the four octets of a negative one are taken as they are (RFC 4120 5.2.4). */
  uint32(what: string): number {
    const at = this.at;
    const value = this.integer(INTEGER, what, 5);
    if (value > 0xffff_ffff || value < -0x8000_0000) throw new Malformed(`${what} has more than 32 bits`, at);
    return value >>> 0;
  }

  /** The first 32 bits of a BIT STRING, the first one the most significant; bits it does not have are 0. */
  flags(what: string): number {
    const end = this.contents(BIT_STRING, what);
    if (this.at === end || (this.bytes[this.at] ?? 0) > 7) throw new Malformed(`${what} is no BIT STRING`, this.at);
    let flags = 0;
    for (let i = 1; i <= 4; i++) flags = (flags << 8) | (this.at + i < end ? (this.bytes[this.at + i] ?? 0) : 0);
    this.at = end;
    return flags >>> 0;
  }

  /** A view of the contents. */
  octets(tag: number, what: string): Uint8Array {
    const end = this.contents(tag, what);
    const view = this.bytes.subarray(this.at, end);
    this.at = end;
    return view;
  }

  text(tag: number, what: string): string {
    const end = this.contents(tag, what);
    const text = textOf(this.bytes, this.at, end);
    this.at = end;
    return text;
  }

  private integer(tag: number, what: string, most: number): number {
    const end = this.contents(tag, what);
    const size = end - this.at;
    if (size < 1 || size > most) throw new Malformed(`${what} has ${size} octets`, this.at);
    const first = this.bytes[this.at] ?? 0;
    const second = (this.bytes[this.at + 1] ?? 0) & 0x80;
    if (size > 1 && ((first === 0 && second === 0) || (first === 0xff && second !== 0))) {
      throw new Malformed(`${what} is longer than it need be`, this.at);
    }
    let value = first >= 0x80 ? first - 0x100 : first;
    for (this.at++; this.at < end; this.at++) value = value * 256 + (this.bytes[this.at] ?? 0);
    return value;
  }

  /** Moves to the contents of the next element, which must have this identifier octet, and returns their end. */
  private contents(tag: number, what: string): number {
    if (this.at < this.end && this.bytes[this.at] !== tag) throw this.unexpected(what);
    return this.header(what);
  }

  private unexpected(what: string): Malformed {
    return new Malformed(`${what} has tag 0x${(this.bytes[this.at] ?? 0).toString(16)}`, this.at);
  }

  private header(what: string): number {
    const at = this.at;
    if (at + 2 > this.end) throw new Malformed(`${what} is missing`, at);
    if (++this.elements > limits.derElements) throw new Malformed(`${what}: too many elements`, at);
    if (((this.bytes[at] ?? 0) & 0x1f) === 0x1f) throw new Malformed(`${what} has a long tag`, at);
    const first = this.bytes[at + 1] ?? 0;
    this.at = at + 2;
    const length = first < 0x80 ? first : this.longLength(first & 0x7f, what);
    if (length > this.end - this.at) throw new Malformed(`${what} is cut short`, at);
    return this.at + length;
  }

  private longLength(octets: number, what: string): number {
    const at = this.at;
    if (octets === 0 || octets > 4) throw new Malformed(`${what} has an impossible length`, at);
    if (at + octets > this.end) throw new Malformed(`${what} is cut short`, at);
    let length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (this.bytes[at + i] ?? 0);
    if (length < 0x80 || this.bytes[at] === 0) throw new Malformed(`${what} has a length longer than it need be`, at);
    this.at = at + octets;
    return length;
  }
}
