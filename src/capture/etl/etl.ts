import { limits } from "../../bytes/limits.ts";
import type { CaptureFacts } from "../../model/capture-facts.ts";
import type { FrameView } from "../../model/frame.ts";
import type { ProblemSink } from "../../model/problem.ts";
import { newEventPacket, newPacketEvent, readEventPacket } from "../event-packets.ts";
import { EventPieces, newEventPlace } from "../event-pieces.ts";
import type { ByteRange, RangeReader } from "../reader.ts";
import type { Bounds } from "./bounds.ts";
import type { BufferCursor } from "./buffer-cursor.ts";
import { BufferScan } from "./buffer-scan.ts";
import { TraceClock } from "./clock.ts";
import { Complaints } from "./complaints.ts";
import { Discards } from "./discards.ts";
import { HEADER_BYTES, type LogHeader, readLogHeader } from "./log-header.ts";
import { TraceNotes } from "./notes.ts";
import { CapturePoints } from "./points.ts";
import { processText } from "./process-text.ts";
import { Providers } from "./providers.ts";
import { userDataAt } from "./records.ts";
import { TraceMerge } from "./trace-merge.ts";

/** What is known once the log file's header was read. */
interface Trace {
  readonly header: LogHeader;
  readonly clock: TraceClock;
  readonly scan: BufferScan;
}

/**
 * Reads Windows event trace logs (ETL) of `netsh trace`, `pktmon` and their relatives: finds the buffers first, then
 * reads them side by side in order of time. Frames are numbered before repeated ones are left out, as Microsoft's own
 * conversions do.
 *
 * Certain, against Microsoft's conversions: the container and PktMon. Experimental, for want of real files: packets in
 * several pieces, wireless WAN, Hyper-V switches, RAS and WFP, clocks other than the performance counter, logs that ran
 * in a circle.
 */
export class EtlReader implements RangeReader {
  readonly format = "etl";
  private readonly size: number;
  private readonly report: ProblemSink;
  private readonly bounds: Bounds;
  private trace: Trace | null = null;
  private merge: TraceMerge | null = null;
  private isDone = false;
  private isEnding = false;
  private frames = 0;
  private readonly notes: TraceNotes;
  private readonly providers = new Providers();
  private readonly points = new CapturePoints();
  private readonly discards = new Discards();
  private readonly complaints = new Complaints();
  private readonly pieces = new EventPieces();
  private readonly event = newPacketEvent();
  private readonly packet = newEventPacket();
  private readonly place = newEventPlace();
  private readonly reasonOf = (reason: number) => this.notes.reasonOf(reason);

  constructor(size: number, report: ProblemSink, bounds: Bounds = limits) {
    this.size = size;
    this.report = report;
    this.bounds = bounds;
    this.notes = new TraceNotes(report);
  }

  get stopped(): boolean {
    return this.isDone;
  }

  wants(): ByteRange | null {
    if (this.isDone) return null;
    if (this.merge !== null) return this.merge.wants();
    return this.trace?.scan.wants() ?? { from: 0, length: Math.min(this.size, HEADER_BYTES) };
  }

  feed(bytes: Uint8Array): void {
    if (this.merge !== null) this.merge.feed(bytes);
    else if (this.trace === null) this.readHeader(bytes);
    else {
      this.trace.scan.feed(bytes);
      if (this.trace.scan.wants() === null) this.startMerge(this.trace);
    }
  }

  next(view: FrameView): boolean {
    const { merge, pieces } = this;
    while (merge !== null && !this.isDone) {
      if (pieces.take(view)) return this.deliver(view, pieces.dropReason);
      if (this.isEnding) this.finish(merge);
      else {
        const turn = merge.next();
        if (turn === "hungry") return false;
        if (turn === "end") this.endPieces();
        else if (this.read(merge.current)) {
          if (pieces.isIdle && this.packet.isFirst && this.packet.isLast) return this.show(view);
          pieces.add(this.packet, this.place);
        }
      }
    }
    return false;
  }

  facts(): CaptureFacts {
    if (this.trace === null) return {};
    const { header, scan } = this.trace;
    const lost = header.eventsLost > 0 ? header.eventsLost : scan.lossMarks;
    const discarded = this.discards.list(this.reasonOf);
    const points = this.points.names(this.notes);
    return {
      os: header.system,
      ...(this.notes.filters.length > 0 ? { captureFilter: this.notes.filters.join("; ") } : {}),
      ...(lost > 0 ? { lost } : {}),
      ...(header.buffersLost > 0 ? { lostBuffers: header.buffersLost } : {}),
      ...(discarded.length > 0 ? { discarded } : {}),
      ...(header.isClosed ? {} : { unfinished: true }),
      ...(scan.isOverwritten ? { overwritten: true } : {}),
      ...(points.length > 0 ? { points } : {}),
    };
  }

  private readHeader(bytes: Uint8Array): void {
    const header = readLogHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
    if (header === null) {
      this.report({ text: "the trace is cut short in its file header", offset: bytes.length });
      this.isDone = true;
      return;
    }
    const clock = new TraceClock(header);
    if (clock.complaint !== null) this.report({ text: clock.complaint });
    this.trace = { header, clock, scan: new BufferScan(this.size, header, clock, this.report, this.bounds) };
  }

  private startMerge({ clock, scan }: Trace): void {
    scan.index.sort();
    const bystander = {
      event: (view: DataView, at: number, size: number) => {
        if (this.frames === 0) this.providers.note(view, at + 0x18);
        this.notes.noteEvent(view, at, size);
      },
      classic: (view: DataView, at: number, size: number) => this.notes.noteClassic(view, at, size),
    };
    this.merge = new TraceMerge(scan.index, clock, bystander, this.report, this.bounds);
  }

  /** Reads the packet at hand into `packet` and `place`; false where there is none to show. */
  private read({ bytes, view, at, size, count, place }: BufferCursor): boolean {
    const start = userDataAt(view, at, size);
    if (start === null) return this.complain("short", place.from);
    const event = this.event;
    event.bytes = bytes;
    event.view = view;
    event.provider = at + 0x18;
    event.id = view.getUint16(at + 0x28, true);
    event.keywordsLow = view.getUint32(at + 0x30, true);
    event.keywordsHigh = view.getUint32(at + 0x34, true);
    event.start = start;
    event.end = at + size;
    const how = readEventPacket(event, this.packet);
    if (how === "short") return this.complain("short", place.from);
    if (how === "other") return false;
    if (!this.trace?.clock.setTime(this.place, count)) this.complain("time", place.from);
    this.place.processor = place.processor;
    this.place.thread = view.getUint32(at + 8, true);
    this.place.process = this.packet.isSentByProcess ? processText(view.getUint32(at + 12, true)) : null;
    this.place.point = this.points.numberOf(this.packet);
    return true;
  }

  /** Shows a whole packet where it lies. */
  private show(view: FrameView): true {
    const { packet, place } = this;
    view.bytes = packet.bytes;
    view.start = packet.start;
    view.end = packet.end;
    view.wireLength = packet.wireLength;
    view.linkType = packet.linkType;
    view.seconds = place.seconds;
    view.nanos = place.nanos;
    view.point = place.point;
    view.process = place.process;
    return this.deliver(view, packet.isDropped ? packet.dropReason : null);
  }

  private deliver(view: FrameView, dropReason: number | null): true {
    view.number = ++this.frames;
    view.dropped = dropReason === null ? null : this.discards.add(dropReason, view.number, this.reasonOf);
    return true;
  }

  private endPieces(): void {
    this.pieces.end();
    this.isEnding = true;
  }

  private finish(merge: TraceMerge): void {
    const { complaints, pieces } = this;
    complaints.add("backwards", merge.backwardsFrom, merge.backwards);
    complaints.tell(this.report);
    pieces.tell(this.report);
    if (this.frames === 0) this.report({ text: this.providers.sentence() });
    this.isDone = true;
  }

  private complain(what: "short" | "time", offset: number): false {
    this.complaints.add(what, offset);
    return false;
  }
}
