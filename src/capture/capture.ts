import type { CaptureFacts } from "../model/capture-facts.ts";
import type { FrameView } from "../model/frame.ts";
import type { ProblemSink } from "../model/problem.ts";
import type { CaptureSummary } from "../model/report.ts";
import { ranged, streamed, viewOf } from "./formats.ts";
import { FrameTimes } from "./frame-times.ts";
import { Pieces } from "./pieces.ts";
import type { ByteRange, FrameReader, RangeReader } from "./reader.ts";
import { BYTES_TO_RECOGNISE, explainUnreadable } from "./recognise.ts";

/** What was read of one capture; the front end adds its name and compression. */
export type ReadingSummary = Omit<CaptureSummary, "name" | "compression">;

/** What a capture is to be fed with next: the bytes that follow, a range of the file, or nothing more. */
export type Want = "more" | "end" | ByteRange;

/**
 * Opens a capture of unknown format: the bytes decide, what cannot be read is told to `report`.
 *
 * `size`: bytes of a file of which any range can be fed, as formats need for which `needsRanges` says so; null for one
 * that is fed from front to back.
 */
export function openCapture(report: ProblemSink, size: number | null = null): CaptureReader {
  return new CaptureReader(report, size);
}

/** A reader that finds out the format by itself and keeps count of what it read. */
export class CaptureReader {
  private readonly report: ProblemSink;
  private readonly size: number | null;
  private readonly pieces = new Pieces();
  private reader: FrameReader | null = null;
  private ranges: RangeReader | null = null;
  private unreadable = false;
  private ended = false;
  private bytes = 0;
  private frames = 0;
  private cutFrames = 0;
  private readonly linkTypes: number[] = [];
  private readonly knownLinkTypes = new Set<number>();
  private linkType = -1;
  private readonly times = new FrameTimes();

  constructor(report: ProblemSink, size: number | null) {
    this.report = report;
    this.size = size;
  }

  /** null until the first bytes are known, or where they are no capture. */
  get format(): FrameReader["format"] | null {
    return (this.ranges ?? this.reader)?.format ?? null;
  }

  /** Whether no more frames will come, whatever is fed: the front end need not read on. */
  get stopped(): boolean {
    return this.unreadable || ((this.ranges ?? this.reader)?.stopped ?? false);
  }

  /** What to feed next; asked after `next` returned false. */
  wants(): Want {
    if (this.stopped || this.ended) return "end";
    if (this.size === null) return "more";
    if (this.ranges !== null) return this.ranges.wants() ?? "end";
    return { from: 0, length: Math.min(this.size, BYTES_TO_RECOGNISE) };
  }

  /** What was wanted; of a file read from front to back, as `FrameReader.feed`. */
  feed(chunk: Uint8Array): void {
    if (this.stopped) return;
    this.bytes += chunk.length;
    if (this.ranges !== null) this.ranges.feed(chunk);
    else if (this.size !== null) this.openRanges(chunk, this.size);
    else this.pieces.feed(chunk);
  }

  /** What the file says about itself. */
  facts(): CaptureFacts {
    return (this.ranges ?? this.reader)?.facts?.() ?? {};
  }

  /** As `FrameReader.end`; call `next` until it answers false afterwards, too: last frames may have waited for this. */
  end(): void {
    this.ended = true;
    if (this.size !== null) return;
    if (this.reader === null) this.recognise();
    this.reader?.end();
  }

  /** As `FrameReader.next`. */
  next(view: FrameView): boolean {
    const reader = this.size === null ? (this.reader ?? this.recognise()) : this.ranges;
    if (reader === null || !reader.next(view)) return false;
    this.frames++;
    if (view.wireLength > view.end - view.start) this.cutFrames++;
    if (view.linkType !== this.linkType) this.addLinkType(view.linkType);
    this.times.note(view);
    return true;
  }

  summary(): ReadingSummary {
    return {
      format: this.format,
      linkTypes: [...this.linkTypes],
      frames: this.frames,
      // Where reading stopped, not how far the piece went in which it stopped.
      bytes:
        this.size !== null ? this.size : this.reader?.stopped ? Math.min(this.bytes, this.pieces.offset()) : this.bytes,
      ...this.times.range(),
      cutFrames: this.cutFrames,
      ...(this.times.backward > 0 ? { backwardFrames: this.times.backward } : {}),
    };
  }

  private recognise(): CaptureReader["reader"] {
    const { pieces } = this;
    if (this.unreadable) return null;
    if (pieces.has(4)) {
      const head = viewOf(pieces.bytes.subarray(pieces.at, pieces.limit));
      this.reader = streamed.find((row) => row.starts(head))?.open(pieces, this.report) ?? null;
      if (this.reader !== null) return this.reader;
    }
    if (pieces.has(BYTES_TO_RECOGNISE) || this.ended) {
      this.complain(pieces.bytes.subarray(pieces.at, Math.min(pieces.limit, pieces.at + BYTES_TO_RECOGNISE)));
    }
    return null;
  }

  private openRanges(head: Uint8Array, size: number): void {
    const row = head.length < 4 ? undefined : ranged.find(({ starts }) => starts(viewOf(head)));
    if (row !== undefined) this.ranges = row.open(size, this.report);
    else this.complain(head);
  }

  private complain(head: Uint8Array): void {
    this.unreadable = true;
    this.report({ text: explainUnreadable(head) });
  }

  private addLinkType(linkType: number): void {
    this.linkType = linkType;
    if (this.knownLinkTypes.has(linkType)) return;
    this.knownLinkTypes.add(linkType);
    this.linkTypes.push(linkType);
  }
}
