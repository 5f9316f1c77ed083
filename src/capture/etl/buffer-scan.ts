import type { ProblemSink } from "../../model/problem.ts";
import type { ByteRange } from "../reader.ts";
import type { Bounds } from "./bounds.ts";
import { BUFFER_HEADER, type BufferHeader, readBufferHeader } from "./buffer-header.ts";
import { BufferIndex } from "./buffer-index.ts";
import type { TraceClock } from "./clock.ts";
import type { LogHeader } from "./log-header.ts";
import { isEnd, isKnownRecord, RECORD_ALIGNMENT, recordKind } from "./records.ts";
import { XpressDecoder } from "./xpress.ts";

/** Read of each buffer: enough for its header and the first time stamp in it. */
const BEGINNING = 4_096;
/** No session has smaller buffers. */
const SMALLEST_SESSION_BUFFER = 1_024;

/** The first pass over an event trace log: where its buffers lie and when they begin. */
export class BufferScan {
  readonly index = new BufferIndex();
  /** Buffers that say that events before them were lost. */
  lossMarks = 0;
  private readonly fileSize: number;
  private readonly header: LogHeader;
  private readonly clock: TraceClock;
  private readonly report: ProblemSink;
  private readonly bounds: Bounds;
  private at = 0;
  private isDone = false;
  /** Offset of a damaged buffer, while the next one is looked for; -1: none. */
  private damagedAt = -1;
  private tries = 0;
  private lowestSequence = Number.POSITIVE_INFINITY;
  private readonly firsts = new Map<number, number>();
  /** Bytes of all compressed buffers, as they are and as they will be. */
  private compressed = 0;
  private decompressed = 0;
  private readonly decoder = new XpressDecoder();
  private readonly decoded = new Uint8Array(2 * BEGINNING);
  private readonly decodedView = new DataView(this.decoded.buffer);

  constructor(fileSize: number, header: LogHeader, clock: TraceClock, report: ProblemSink, bounds: Bounds) {
    this.fileSize = fileSize;
    this.header = header;
    this.clock = clock;
    this.report = report;
    this.bounds = bounds;
  }

  /** A circular log whose second buffer is not there any more. */
  get isOverwritten(): boolean {
    return this.header.isCircular && Number.isFinite(this.lowestSequence) && this.lowestSequence > 1;
  }

  /** null when all buffers are known. */
  wants(): ByteRange | null {
    if (this.isDone || this.at >= this.fileSize) return null;
    return { from: this.at, length: Math.min(BEGINNING, this.fileSize - this.at) };
  }

  feed(bytes: Uint8Array): void {
    const from = this.at;
    let next = 0;
    do {
      this.look(bytes.subarray(next));
      next = this.at - from;
    } while (!this.isDone && holdsBuffer(bytes, next));
  }

  /** Looks at the buffer that begins at `at`, of which `bytes` are the beginning. */
  private look(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length < BUFFER_HEADER) {
      if (!isBlank(bytes)) this.tell("the trace is cut short in the header of a buffer");
      this.isDone = true;
      return;
    }
    const header = readBufferHeader(view, 0);
    if (this.damagedAt >= 0) this.resume(header, view);
    else if (header.size < BUFFER_HEADER && isBlank(bytes.subarray(0, BUFFER_HEADER))) this.isDone = true;
    else if (!header.isPlausible) this.lookForNext();
    else if (this.at + header.size <= this.fileSize) this.take(header, view, header.size);
    else if (this.canResume() && header.size !== this.header.bufferBytes) this.lookForNext();
    else this.takeCut(header, view);
  }

  private takeCut(header: BufferHeader, view: DataView): void {
    this.tell("the trace is cut short in the middle of a buffer");
    this.take(header, view, this.fileSize - this.at);
  }

  private take(header: BufferHeader, view: DataView, size: number): void {
    const from = this.at;
    this.at += header.size;
    if (header.followsLoss) this.lossMarks += 1;
    if (from > 0) this.lowestSequence = Math.min(this.lowestSequence, header.sequence);
    const { processor, isCompressed } = header;
    const announced = isCompressed ? header.filled : Math.min(header.filled, size);
    if (announced <= BUFFER_HEADER) return;
    const filled = Math.min(announced, this.bounds.traceBufferBytes);
    if (filled < announced) {
      this.report({ text: `of a buffer of ${announced} bytes only the first ${filled} are read`, offset: from });
    }
    if (this.index.count >= this.bounds.traceBuffers) {
      this.isDone = true;
      this.report({ text: `only the first ${this.bounds.traceBuffers} buffers of the trace are read`, offset: from });
      return;
    }
    this.decompressed += isCompressed ? filled : 0;
    this.compressed += isCompressed ? size : 0;
    if (this.isBomb()) {
      this.isDone = true;
      const text = `the trace announces more than ${this.bounds.inflationRatio} bytes for each compressed one; the rest was not read`;
      this.report({ text, offset: from });
      return;
    }
    const first = this.firstOf(header, view);
    this.index.add({
      from,
      size,
      filled,
      first,
      processor,
      isCompressed,
      isExcused: size < header.size || header.isAside,
    });
  }

  private isBomb(): boolean {
    const { inflatedFreely, inflationRatio } = this.bounds;
    return this.decompressed > inflatedFreely && this.decompressed > inflationRatio * this.compressed;
  }

  /** Where the beginning of a buffer holds no time, that of the buffer before it on the same processor is a safe one. */
  private firstOf(header: BufferHeader, view: DataView): number {
    const first = header.isCompressed
      ? this.firstCount(this.decodedView, 0, this.decode(view, header))
      : this.firstCount(view, BUFFER_HEADER, Math.min(view.byteLength, header.filled, header.size));
    const known = first ?? this.firsts.get(header.processor) ?? Number.NEGATIVE_INFINITY;
    this.firsts.set(header.processor, known);
    return known;
  }

  private decode(view: DataView, header: BufferHeader): number {
    const input = new Uint8Array(view.buffer, view.byteOffset, Math.min(view.byteLength, header.size));
    const end = Math.min(this.decoded.length, header.filled - BUFFER_HEADER);
    this.decoder.reset();
    this.decoder.inAt = BUFFER_HEADER;
    this.decoder.run(input, input.length, input.length === header.size, this.decoded, end);
    return this.decoder.outAt;
  }

  private firstCount(view: DataView, start: number, end: number): number | null {
    for (let at = start; at + RECORD_ALIGNMENT <= end; ) {
      const word = view.getUint32(at, true);
      if (isEnd(word)) return null;
      const { sizeAt, timeAt } = recordKind(word);
      if (timeAt !== null && at + timeAt + 8 <= end) {
        const count = this.clock.countAt(view, at + timeAt);
        return Number.isSafeInteger(count) ? count : null;
      }
      const size = view.getUint16(at + sizeAt, true);
      if (size < RECORD_ALIGNMENT) return null;
      at += (size + 7) & ~7;
    }
    return null;
  }

  /** Buffers that are not compressed lie at multiples of the session's buffer size. */
  private canResume(): boolean {
    return this.header.bufferBytes >= SMALLEST_SESSION_BUFFER && this.at + this.header.bufferBytes < this.fileSize;
  }

  private lookForNext(): void {
    if (this.damagedAt < 0) this.damagedAt = this.at;
    this.tries += 1;
    if (!this.canResume() || this.tries > this.bounds.traceResyncs) {
      this.isDone = true;
      this.at = this.damagedAt;
      this.tell("the header of a buffer is damaged; the rest of the trace was not read");
      return;
    }
    const { bufferBytes } = this.header;
    this.at = (Math.floor(this.at / bufferBytes) + 1) * bufferBytes;
  }

  /** Looks whether a buffer begins here, behind a damaged one. */
  private resume(header: BufferHeader, view: DataView): void {
    const isBuffer =
      header.isPlausible &&
      !header.isCompressed &&
      header.size === this.header.bufferBytes &&
      isKnownRecord(view.getUint32(BUFFER_HEADER, true));
    if (!isBuffer) {
      this.lookForNext();
      return;
    }
    const text = `the header of a buffer is damaged; ${this.at - this.damagedAt} bytes were passed over`;
    this.report({ text, offset: this.damagedAt });
    this.damagedAt = -1;
    this.take(header, view, Math.min(header.size, this.fileSize - this.at));
  }

  private tell(text: string): void {
    this.report({ text, offset: this.at });
  }
}

/** Whether a whole buffer stands in `bytes` from `at` on. */
function holdsBuffer(bytes: Uint8Array, at: number): boolean {
  if (at < 0 || at + BUFFER_HEADER > bytes.length) return false;
  const size = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
  return at + size <= bytes.length;
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
