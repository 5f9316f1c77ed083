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
  /** The contents of the element that was read or stepped over last are `bytes[from, to)`. */
  from = 0;
  to = 0;
  /** Elements met so far, whatever was made of them. */
  elements = 0;
  private depth = 0;

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
    this.end = this.header(tag, what, this.at, outer);
    this.at = this.from;
    if (++this.depth > limits.derDepth) throw new Malformed(`${what} is nested too deep`, this.at);
    return outer;
  }

  /** Steps out of the element that was entered last, over whatever is left of it. */
  leave(outer: number): void {
    this.at = this.end;
    this.end = outer;
    this.depth--;
  }

  /** Steps over an element of one kind, whose contents are then `bytes[from, to)`. */
  step(tag: number, what: string): void {
    this.to = this.header(tag, what, this.at, this.end);
    this.at = this.to;
  }

  /** The same with an element inside the explicit context tag `[number]`, over whatever else that holds. */
  stepField(number: number, tag: number, what: string): void {
    if (this.stepShort(context(number), tag)) return;
    const end = this.header(context(number), what, this.at, this.end);
    if (this.depth >= limits.derDepth) throw new Malformed(`${what} is nested too deep`, this.from);
    this.to = this.header(tag, what, this.from, end);
    this.at = end;
  }

  /** The same where it is as short as nearly all are, alone in its tag, and no limit is near; else false. */
  private stepShort(outer: number, tag: number): boolean {
    const { bytes, at, end } = this;
    if (at + 4 > end || bytes[at] !== outer || bytes[at + 2] !== tag) return false;
    const length = bytes[at + 1] ?? 0;
    const next = at + 2 + length;
    if (length >= 0x80 || bytes[at + 3] !== length - 2 || next > end) return false;
    if (this.depth >= limits.derDepth || this.elements + 2 > limits.derElements) return false;
    this.elements += 2;
    this.from = at + 4;
    this.to = next;
    this.at = next;
    return true;
  }

  /**
   * Counts `elements` on up to `levels` more levels without reading them, as their bytes were read before; false where
   * that could reach a limit.
   */
  count(elements: number, levels: number): boolean {
    if (this.depth + levels > limits.derDepth || this.elements + elements > limits.derElements) return false;
    this.elements += elements;
    return true;
  }

  /** Steps over one element of any kind. */
  skip(what: string): void {
    this.step(this.bytes[this.at] ?? 0, what);
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
    this.step(INTEGER, what);
    return this.integer(what, 4) | 0;
  }

  /** `[number] Int32` (RFC 4120 5.2.4). */
  int32Field(number: number, what: string): number {
    this.stepField(number, INTEGER, what);
    return this.integer(what, 4) | 0;
  }

  enumerated(what: string): number {
    this.step(ENUMERATED, what);
    return this.integer(what, 4) | 0;
  }

  /** `[number] UInt32`; the four octets of a negative one are taken as they are. */
  uint32Field(number: number, what: string): number {
    this.stepField(number, INTEGER, what);
    const value = this.integer(what, 5);
    if (value > 0xffff_ffff || value < -0x8000_0000)
      throw new Malformed(`${what} has more than 32 bits`, this.from - 2);
    return value >>> 0;
  }

  /** `[number]` and the first 32 bits of a BIT STRING, the first the most significant; bits it does not have are 0. */
  flagsField(number: number, what: string): number {
    this.stepField(number, BIT_STRING, what);
    const { bytes, from, to } = this;
    if (from === to || (bytes[from] ?? 0) > 7) throw new Malformed(`${what} is no BIT STRING`, from);
    let flags = 0;
    for (let at = from + 1; at <= from + 4; at++) flags = (flags << 8) | (at < to ? (bytes[at] ?? 0) : 0);
    return flags >>> 0;
  }

  /** A view of the contents. */
  octets(tag: number, what: string): Uint8Array {
    this.step(tag, what);
    return this.last();
  }

  /** `[number]` and a text. */
  textField(number: number, tag: number, what: string): string {
    this.stepField(number, tag, what);
    return textOf(this.bytes, this.from, this.to);
  }

  /** A view of the contents of the element that was read or stepped over last. */
  last(): Uint8Array {
    return this.bytes.subarray(this.from, this.to);
  }

  /** The INTEGER or ENUMERATED in `bytes[from, to)`. */
  private integer(what: string, most: number): number {
    const { bytes, from, to } = this;
    const size = to - from;
    if (size < 1 || size > most) throw new Malformed(`${what} has ${size} octets`, from);
    const first = bytes[from] ?? 0;
    let value = first >= 0x80 ? first - 0x100 : first;
    if (size === 1) return value;
    const second = (bytes[from + 1] ?? 0) & 0x80;
    if ((first === 0 && second === 0) || (first === 0xff && second !== 0)) {
      throw new Malformed(`${what} is longer than it need be`, from);
    }
    for (let at = from + 1; at < to; at++) value = value * 256 + (bytes[at] ?? 0);
    return value;
  }

  /** The element at `at`, which must have this identifier octet: its contents begin at `from` and end where this returns. */
  private header(tag: number, what: string, at: number, end: number): number {
    const { bytes } = this;
    if (at + 2 > end || bytes[at] !== tag) throw this.unexpected(what, at, end, tag);
    if (++this.elements > limits.derElements) throw new Malformed(`${what}: too many elements`, at);
    if ((tag & 0x1f) === 0x1f) throw new Malformed(`${what} has a long tag`, at);
    let length = bytes[at + 1] ?? 0;
    let from = at + 2;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      length = this.longLength(octets, what, from, end);
      from += octets;
    }
    if (length > end - from) throw new Malformed(`${what} is cut short`, at);
    this.from = from;
    return from + length;
  }

  private unexpected(what: string, at: number, end: number, tag: number): Malformed {
    const octet = this.bytes[at] ?? 0;
    if (at >= end || octet === tag) return new Malformed(`${what} is missing`, at);
    return new Malformed(`${what} has tag 0x${octet.toString(16)}`, at);
  }

  private longLength(octets: number, what: string, from: number, end: number): number {
    const { bytes } = this;
    if (octets === 0 || octets > 4) throw new Malformed(`${what} has an impossible length`, from);
    if (from + octets > end) throw new Malformed(`${what} is cut short`, from);
    const first = bytes[from] ?? 0;
    let length = first;
    for (let at = from + 1; at < from + octets; at++) length = length * 256 + (bytes[at] ?? 0);
    if (length < 0x80 || first === 0) throw new Malformed(`${what} has a length longer than it need be`, from);
    return length;
  }
}
