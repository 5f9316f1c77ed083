import { limits } from "../../bytes/limits.ts";
import type { ByteRange } from "../reader.ts";
import { BUFFER_HEADER } from "./buffer-header.ts";
import type { BufferPlace } from "./buffer-index.ts";
import { isEnd, isKnownRecord, RECORD_ALIGNMENT, recordKind } from "./records.ts";
import { XPRESS_HISTORY, XpressDecoder } from "./xpress.ts";

/** The size of a record is a 16-bit number. */
const LONGEST_RECORD = 65_536;
/** Bytes read or decompressed at once. */
const STRIDE = 131_072;
const WINDOW = XPRESS_HISTORY + LONGEST_RECORD + STRIDE;
const INPUT = 65_536;

/** `hungry`: feed what `wants` says, then ask again; `damaged`: the rest of the buffer cannot be read. */
export type Step = "record" | "hungry" | "end" | "damaged";

/**
 * Walks through the records of one buffer, of which a window is in memory: 264 KiB whatever the size of the buffer. One
 * cursor may serve for many buffers, one after the other.
 */
export class BufferCursor {
  /** The window; the record at hand is `bytes[at, at + size)`. */
  readonly bytes = new Uint8Array(WINDOW);
  readonly view = new DataView(this.bytes.buffer);
  at = 0;
  size = 0;
  /** The first word of the record. */
  word = 0;
  /** What the merge goes by. */
  count = 0;
  rank = 0;
  place: BufferPlace = { from: 0, size: 0, filled: 0, first: 0, processor: 0, isCompressed: false, isExcused: false };

  private end = 0;
  private next = 0;
  /** Event bytes of the buffer that did not come into the window yet. */
  private areaLeft = 0;
  /** The part of the file that was not read yet. */
  private fileAt = 0;
  private fileEnd = 0;
  private unknown = 0;
  private readonly decoder = new XpressDecoder();
  private input = new Uint8Array(0);
  private inputEnd = 0;

  open(place: BufferPlace, rank: number): void {
    this.place = place;
    this.rank = rank;
    this.count = Number.NEGATIVE_INFINITY;
    this.at = 0;
    this.size = 0;
    this.end = 0;
    this.next = 0;
    this.unknown = 0;
    this.areaLeft = place.filled - BUFFER_HEADER;
    this.fileAt = place.from + BUFFER_HEADER;
    this.fileEnd = place.from + (place.isCompressed ? place.size : Math.min(place.size, place.filled));
    this.decoder.reset();
    this.inputEnd = 0;
    if (place.isCompressed && this.input.length === 0) this.input = new Uint8Array(INPUT);
  }

  /** Goes to the next record of a known kind. */
  step(): Step {
    for (;;) {
      const head = this.ensure(RECORD_ALIGNMENT);
      if (head !== "record") return head;
      const word = this.view.getUint32(this.next, true);
      if (isEnd(word)) return "end";
      const { sizeAt, header } = recordKind(word);
      const size = this.view.getUint16(this.next + sizeAt, true);
      if (size < header) return "damaged";
      const whole = this.ensure(size);
      if (whole !== "record") return whole === "end" ? "damaged" : whole;
      this.at = this.next;
      this.next += (size + 7) & ~7;
      if (isKnownRecord(word)) {
        this.unknown = 0;
        this.word = word;
        this.size = size;
        return "record";
      }
      this.unknown += 1;
      if (this.unknown > limits.unknownTraceRecords) return "damaged";
    }
  }

  /** The next bytes of the buffer; after `hungry` only. */
  wants(): ByteRange {
    const room = this.place.isCompressed ? INPUT - this.inputEnd : WINDOW - this.end;
    return { from: this.fileAt, length: Math.min(room, this.fileEnd - this.fileAt) };
  }

  feed(bytes: Uint8Array): void {
    const wanted = this.wants().length;
    this.fileAt = bytes.length < wanted ? this.fileEnd : this.fileAt + wanted;
    if (this.place.isCompressed) {
      this.input.set(bytes, this.inputEnd);
      this.inputEnd += bytes.length;
    } else {
      this.bytes.set(bytes, this.end);
      this.end += bytes.length;
      this.areaLeft = Math.max(0, this.areaLeft - bytes.length);
    }
  }

  /** Whether so many bytes stand at `next`; `end`: they never will. */
  private ensure(length: number): Step {
    if (this.end - this.next >= length) return "record";
    this.moveDown();
    if (this.place.isCompressed) return this.decompress(length);
    return this.fileAt < this.fileEnd ? "hungry" : "end";
  }

  /** Makes room behind what is still needed. */
  private moveDown(): void {
    const history = this.place.isCompressed ? XPRESS_HISTORY : 0;
    const keep = Math.min(this.next, Math.max(0, this.end - history));
    if (keep === 0) return;
    this.bytes.copyWithin(0, keep, this.end);
    this.next -= keep;
    this.end -= keep;
    this.decoder.outAt -= keep;
  }

  private decompress(length: number): Step {
    const { decoder } = this;
    const outEnd = Math.min(WINDOW, this.end + this.areaLeft);
    const isLast = this.fileAt >= this.fileEnd;
    const isWell = decoder.run(this.input, this.inputEnd, isLast, this.bytes, outEnd);
    this.areaLeft -= decoder.outAt - this.end;
    this.end = decoder.outAt;
    if (this.end - this.next >= length) return "record";
    if (!isWell) return "damaged";
    if (isLast || this.areaLeft === 0) return "end";
    this.input.copyWithin(0, decoder.inAt, this.inputEnd);
    this.inputEnd -= decoder.inAt;
    decoder.inAt = 0;
    return "hungry";
  }
}
