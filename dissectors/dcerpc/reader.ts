import { Malformed } from "../../src/bytes/malformed.ts";

/** Reads numbers and UUIDs in the byte order of the PDU (C706 14.1), never beyond `end`. */
export class Reader {
  at: number;
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly little: boolean;
  private readonly view: DataView;

  constructor(bytes: Uint8Array, at: number, end: number, little: boolean) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.little = little;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(what: string): number {
    return this.bytes[this.step(1, what)] ?? 0;
  }

  u16(what: string): number {
    return this.view.getUint16(this.step(2, what), this.little);
  }

  u32(what: string): number {
    return this.view.getUint32(this.step(4, what), this.little);
  }

  skip(count: number, what: string): void {
    this.step(count, what);
  }

  /** To the next multiple of four, counted from the start of the PDU. */
  align(): void {
    this.at += (4 - (this.at % 4)) % 4;
  }

  /** In the usual form: `e1af8308-5d1f-11c9-91a4-08002b14a0fa`. */
  uuid(what: string): string {
    const groups = [hex(this.u32(what), 8), hex(this.u16(what), 4), hex(this.u16(what), 4)];
    const rest = Array.from({ length: 8 }, () => hex(this.u8(what), 2)).join("");
    return [...groups, rest.slice(0, 4), rest.slice(4)].join("-");
  }

  private step(count: number, what: string): number {
    const { at } = this;
    if (at + count > this.end) throw new Malformed(`${what} is cut short`, at);
    this.at = at + count;
    return at;
  }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
