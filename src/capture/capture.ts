import type { FrameView } from "../model/frame.ts";
import type { ProblemSink } from "../model/problem.ts";
import type { CaptureSummary } from "../model/report.ts";
import { isoTime } from "../model/time.ts";
import { PcapReader } from "./pcap.ts";
import { pcapMagic } from "./pcap-layout.ts";
import { PcapngReader } from "./pcapng.ts";
import { block } from "./pcapng-blocks.ts";
import { Pieces } from "./pieces.ts";
import type { FrameReader } from "./reader.ts";
import { BYTES_TO_RECOGNISE, explainUnreadable } from "./recognise.ts";

/** What was read of one capture; the front end adds its name and compression. */
export type ReadingSummary = Omit<CaptureSummary, "name" | "compression">;

/** Opens a capture of unknown format: the bytes decide, what cannot be read is told to `report`. */
export function openCapture(report: ProblemSink): CaptureReader {
  return new CaptureReader(report);
}

/** A `FrameReader` that finds out the format by itself and keeps count of what it read. */
export class CaptureReader {
  private readonly report: ProblemSink;
  private readonly pieces = new Pieces();
  private reader: (FrameReader & { readonly stopped: boolean }) | null = null;
  private unreadable = false;
  private ended = false;
  private bytes = 0;
  private frames = 0;
  private cutFrames = 0;
  private readonly linkTypes: number[] = [];
  private readonly knownLinkTypes = new Set<number>();
  private linkType = -1;
  private firstSeconds = Number.POSITIVE_INFINITY;
  private firstNanos = 0;
  private lastSeconds = Number.NEGATIVE_INFINITY;
  private lastNanos = 0;

  constructor(report: ProblemSink) {
    this.report = report;
  }

  /** null until the first bytes are known, or where they are no capture. */
  get format(): FrameReader["format"] | null {
    return this.reader?.format ?? null;
  }

  /** Whether no more frames will come, whatever is fed: the front end need not read on. */
  get stopped(): boolean {
    return this.unreadable || (this.reader?.stopped ?? false);
  }

  /** As `FrameReader.feed`. */
  feed(chunk: Uint8Array): void {
    if (this.stopped) return;
    this.bytes += chunk.length;
    this.pieces.feed(chunk);
  }

  /** As `FrameReader.end`; call `next` until it answers false afterwards, too: last frames may have waited for this. */
  end(): void {
    this.ended = true;
    if (this.reader === null) this.recognise();
    this.reader?.end();
  }

  /** As `FrameReader.next`. */
  next(view: FrameView): boolean {
    const reader = this.reader ?? this.recognise();
    if (reader === null || !reader.next(view)) return false;
    this.frames++;
    if (view.wireLength > view.end - view.start) this.cutFrames++;
    if (view.linkType !== this.linkType) this.addLinkType(view.linkType);
    if (view.seconds >= this.lastSeconds || view.seconds <= this.firstSeconds) this.noteTime(view);
    return true;
  }

  /** Times are the earliest and the latest of all frames, wherever they stand; frames without time do not count. */
  summary(): ReadingSummary {
    const timed = this.lastSeconds >= this.firstSeconds;
    return {
      format: this.format,
      linkTypes: [...this.linkTypes],
      frames: this.frames,
      // Where reading stopped, not how far the piece went in which it stopped.
      bytes: this.reader?.stopped ? Math.min(this.bytes, this.pieces.offset()) : this.bytes,
      firstTime: timed ? isoTime({ seconds: this.firstSeconds, nanos: this.firstNanos }) : null,
      lastTime: timed ? isoTime({ seconds: this.lastSeconds, nanos: this.lastNanos }) : null,
      cutFrames: this.cutFrames,
    };
  }

  private recognise(): CaptureReader["reader"] {
    const { pieces } = this;
    if (this.unreadable) return null;
    if (pieces.has(4)) {
      if (pieces.view.getUint32(pieces.at) === block.section) this.reader = new PcapngReader(pieces, this.report);
      else if (pcapMagic(pieces.view, pieces.at) !== null) this.reader = new PcapReader(pieces, this.report);
      if (this.reader !== null) return this.reader;
    }
    if (pieces.has(BYTES_TO_RECOGNISE) || this.ended) this.complain();
    return null;
  }

  private complain(): void {
    const { bytes, at, limit } = this.pieces;
    this.unreadable = true;
    this.report({ text: explainUnreadable(bytes.subarray(at, Math.min(limit, at + BYTES_TO_RECOGNISE))) });
  }

  private addLinkType(linkType: number): void {
    this.linkType = linkType;
    if (this.knownLinkTypes.has(linkType)) return;
    this.knownLinkTypes.add(linkType);
    this.linkTypes.push(linkType);
  }

  private noteTime({ seconds, nanos }: FrameView): void {
    const isUnknown = seconds === 0 && nanos === 0;
    if (isUnknown) return;
    if (seconds > this.lastSeconds || (seconds === this.lastSeconds && nanos > this.lastNanos)) {
      this.lastSeconds = seconds;
      this.lastNanos = nanos;
    }
    if (seconds < this.firstSeconds || (seconds === this.firstSeconds && nanos < this.firstNanos)) {
      this.firstSeconds = seconds;
      this.firstNanos = nanos;
    }
  }
}
