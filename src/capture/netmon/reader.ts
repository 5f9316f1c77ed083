import type { CaptureFacts } from "../../model/capture-facts.ts";
import type { FrameView } from "../../model/frame.ts";
import type { ProblemSink } from "../../model/problem.ts";
import { FileWindow } from "../file-window.ts";
import type { ByteRange, RangeReader } from "../reader.ts";
import { CommentList } from "./comments.ts";
import { Frames } from "./frames.ts";
import { HEADER_BYTES, type NetmonHeader, readHeader } from "./header.ts";
import { ProcessTable } from "./processes.ts";

type Phase = "header" | "processes" | "comments" | "frames" | "stopped";

/**
 * Reads files of Microsoft Network Monitor, versions 1.x and 2.0 to 2.3, after its own help and Wireshark's `netmon.c`:
 * frames in the order of their table, each of its own media type, with the processes, comments and events beside them.
 *
 * Frames are numbered as Wireshark numbers them. Network Monitor shows the place in the table, which counts three kinds
 * more that hold no packet (media types 0xFFFC to 0xFFFE).
 */
export class NetmonReader implements RangeReader {
  readonly format = "netmon";
  private readonly report: ProblemSink;
  private readonly window: FileWindow;
  private phase: Phase = "header";
  private processes = new ProcessTable(0, 0);
  private comments = new CommentList(0, 0);
  private frames: Frames | null = null;

  constructor(size: number, report: ProblemSink) {
    this.report = report;
    this.window = new FileWindow(size);
  }

  get stopped(): boolean {
    return this.phase === "stopped";
  }

  wants(): ByteRange | null {
    return this.stopped ? null : this.window.wants();
  }

  feed(bytes: Uint8Array): void {
    this.window.feed(bytes);
  }

  facts(): CaptureFacts {
    const { titles } = this.comments;
    return { ...this.frames?.facts(), ...(titles.length > 0 ? { comments: titles } : {}) };
  }

  next(view: FrameView): boolean {
    while (this.phase !== "stopped") {
      if (this.phase !== "frames") {
        if (!this.prepare()) return false;
        continue;
      }
      const outcome = this.frames?.next(view) ?? "end";
      if (outcome === "shown") return true;
      if (outcome === "wait") return false;
      this.phase = "stopped";
    }
    return false;
  }

  /** Reads what stands before the frames in the order of reading; false where bytes must be fed first. */
  private prepare(): boolean {
    if (this.phase === "header") return this.readHeader();
    const part = this.phase === "processes" ? this.processes : this.comments;
    if (!part.read(this.window)) return false;
    const offset = Math.min(part.offset, this.window.size);
    if (part.complaint !== null) this.report({ text: part.complaint, offset });
    this.phase = this.phase === "processes" ? "comments" : "frames";
    return true;
  }

  private readHeader(): boolean {
    if (this.window.size < HEADER_BYTES) return this.stop("the capture is cut short in the middle of its file header");
    const at = this.window.find(0, HEADER_BYTES);
    if (at < 0) return false;
    const header = readHeader(this.window.view, at);
    if (typeof header === "string") return this.stop(header);
    this.open(header);
    return true;
  }

  private open(header: NetmonHeader): void {
    if (header.start === null) {
      this.report({ text: "the start of the capture is no date; times are counted from 1970", offset: 8 });
    }
    this.processes = new ProcessTable(header.processesAt, header.processesAt === 0 ? 0 : header.processes);
    this.comments = new CommentList(header.commentsAt, header.commentsAt === 0 ? 0 : header.commentsLength);
    this.frames = new Frames(this.window, header, this.processes, this.report);
    this.phase = "processes";
  }

  private stop(text: string): true {
    this.phase = "stopped";
    this.report({ text, offset: 0 });
    return true;
  }
}
