import { limits } from "../../bytes/limits.ts";
import type { CaptureFacts } from "../../model/capture-facts.ts";
import type { FrameView } from "../../model/frame.ts";
import type { ProblemSink } from "../../model/problem.ts";
import type { FileWindow } from "../file-window.ts";
import { looksLikeEthernet } from "../packet-look.ts";
import { About } from "./about.ts";
import { END, FrameOrder, WAIT } from "./frame-order.ts";
import { ReadPlaces } from "./frame-table.ts";
import { HEADER_BYTES, type NetmonHeader } from "./header.ts";
import { JoinedFrames } from "./joined-frames.ts";
import { type Media, mediaOf } from "./media.ts";
import type { ProcessTable } from "./processes.ts";
import { ReadAhead } from "./read-ahead.ts";
import { setFileTime, setMicroseconds, setMilliseconds } from "./times.ts";
import { UnreadMedia } from "./unread-media.ts";
import { Wrapped } from "./wrapped.ts";

/** What became of a frame: `piece`: it holds a piece of a packet, `none`: no packet at all. */
type Outcome = "shown" | "piece" | "none" | "wait";

const NEVER = { seconds: 0, nanos: 0 } as const;
const NO_PROCESS = 0xffffffff;
const ETHERNET = 1;

/** The frames of a file, one after the other. */
export class Frames {
  private readonly window: FileWindow;
  private readonly header: NetmonHeader;
  private readonly processes: ProcessTable;
  private readonly report: ProblemSink;
  private readonly order: FrameOrder;
  private readonly ahead: ReadAhead;
  private readonly places: ReadPlaces;
  private readonly about = new About();
  private readonly unread = new UnreadMedia();
  private readonly wrapped: Wrapped;
  private readonly joined = new JoinedFrames();
  private isRead = false;
  private mediaType = -1;
  private media: Media = mediaOf(0);
  private frames = 0;
  private bytes = HEADER_BYTES;
  private isZoneAssumed = false;
  private toldOfTrailer = false;

  constructor(window: FileWindow, header: NetmonHeader, processes: ProcessTable, report: ProblemSink) {
    this.window = window;
    this.header = header;
    this.processes = processes;
    this.report = report;
    this.order = new FrameOrder(window, header, report);
    this.ahead = new ReadAhead(window);
    this.places = new ReadPlaces(window.size, header.header);
    this.wrapped = new Wrapped(processes, report);
  }

  facts(): CaptureFacts {
    return {
      ...this.about.facts(),
      ...this.wrapped.facts(),
      ...(this.isZoneAssumed ? { zoneAssumed: true } : {}),
      ...(this.order.isRecovered ? { unfinished: true } : {}),
    };
  }

  next(view: FrameView): "shown" | "wait" | "end" {
    const { joined } = this;
    for (;;) {
      if (joined.take(view)) return "shown";
      if (this.isRead) return this.end();
      const outcome = this.readNext(view);
      if (outcome === "wait" || (outcome === "shown" && joined.isIdle)) return outcome;
      if (outcome === "shown") joined.keep(view);
      if (outcome === "piece") joined.keepPiece(this.wrapped.packet, this.wrapped.origin, view);
    }
  }

  private readNext(view: FrameView): Outcome {
    const at = this.order.place();
    if (at === WAIT) return "wait";
    if (at !== END && this.bytes <= this.window.size) return this.read(at, view);
    if (at !== END) this.giveUp(at);
    this.isRead = true;
    this.joined.end();
    return "none";
  }

  private read(at: number, view: FrameView): Outcome {
    const { header } = this.header;
    if (at < HEADER_BYTES || at + header > this.window.size) return this.refuse(at, OUTSIDE, HEADER_BYTES);
    if (this.places.has(at)) return this.refuse(at, TWICE, at + 1);
    const head = this.ahead.find(at, header);
    if (head < 0) return "wait";
    const isShort = header === 8;
    const { view: file } = this.window;
    const captured = isShort ? file.getUint16(head + 6, true) : file.getUint32(head + 12, true);
    if (captured > limits.frameBytes) return this.refuse(at, tooLarge(captured), at + header);
    const end = at + header + captured;
    if (end > this.window.size) return this.refuse(at, CUT, at + header);
    const trailer = this.trailerAt(end, at);
    const start = this.ahead.find(at, header + captured + trailer);
    if (start < 0) return "wait";
    this.ahead.note(at, header + captured + trailer);
    return this.take(at, start, captured, trailer, view);
  }

  /** Takes the frame whose header stands at `start` in the window. */
  private take(at: number, start: number, captured: number, trailer: number, view: FrameView): Outcome {
    const { view: file, bytes } = this.window;
    const { header } = this.header;
    const length = header + captured + trailer;
    this.places.add(at);
    this.bytes += length;
    this.order.pass(at + length);
    const behind = start + header + captured;
    this.chooseMedia(trailer === 0 ? this.header.mediaType : file.getUint16(behind, true));
    if (this.media.kind === "uncounted") return "none";
    view.number = ++this.frames;
    view.bytes = bytes;
    view.start = start + header;
    view.end = behind;
    const original = header === 8 ? file.getUint16(start + 4, true) : file.getUint32(start + 8, true);
    view.wireLength = Math.max(captured, original);
    view.linkType = this.media.linkType;
    view.point = -1;
    view.dropped = null;
    view.process = trailer < 6 ? null : this.processOf(file.getUint32(behind + 2, true));
    const isUtc = this.setTime(view, start, trailer === 15 ? behind + 6 : -1);
    return this.show(view, at, isUtc);
  }

  private show(view: FrameView, at: number, isUtc: boolean): Outcome {
    if (!this.isPacket(view, at)) return "none";
    if (this.media.kind !== "packet" && this.media.kind !== "wan") {
      const outcome = this.wrapped.unwrap(view, this.window.view, this.media.kind, isUtc);
      if (outcome === "none") return "none";
      if (outcome === "packet" && !isUtc) this.isZoneAssumed = true;
      return this.media.kind === "event" && this.wrapped.isPiece ? "piece" : "shown";
    }
    if (!isUtc) this.isZoneAssumed = true;
    return "shown";
  }

  /** Whether the frame may hold a packet; one that describes the capture is taken note of. */
  private isPacket(view: FrameView, at: number): boolean {
    const { kind } = this.media;
    const { view: file } = this.window;
    if (kind === "packet") return view.linkType !== ETHERNET || !isStatistics(file, view.start, view.end);
    if (kind === "networkInfo" || kind === "filter") {
      const { bytes, start, end } = view;
      this.about.note(kind, { bytes, view: file, start, end });
      return false;
    }
    // NDISWAN makes up an Ethernet header for what is no ATM.
    const isEthernet = kind === "wan" && looksLikeEthernet(view.bytes, view.start, view.end);
    if (isEthernet) view.linkType = ETHERNET;
    if (kind !== "unread" && (kind !== "wan" || isEthernet)) return true;
    this.unread.add(this.mediaType, this.frames, at);
    return false;
  }

  /** Writes the time; true where it is UTC. `stamp`: where a FILETIME stands in the window, -1 for none. */
  private setTime(view: FrameView, start: number, stamp: number): boolean {
    const { view: file } = this.window;
    const high = stamp < 0 ? 0 : file.getUint32(stamp + 4, true);
    if (high !== 0) {
      setFileTime(view, high, file.getUint32(stamp, true));
      return true;
    }
    const from = this.header.start ?? NEVER;
    const low = file.getUint32(start, true);
    if (this.header.header === 8) setMilliseconds(view, from, low);
    else setMicroseconds(view, from, file.getInt32(start + 4, true), low);
    return false;
  }

  private chooseMedia(mediaType: number): void {
    if (mediaType === this.mediaType) return;
    this.mediaType = mediaType;
    this.media = mediaOf(mediaType);
  }

  private processOf(row: number): string | null {
    return row === NO_PROCESS ? null : this.processes.ofRow(row);
  }

  /**
   * Bytes of the trailer behind the frame of `at`, which ends at `end`: as many as its version has, fewer where the
   * next frame, or the table, leaves no room for them.
   */
  private trailerAt(end: number, at: number): number {
    const { trailer } = this.header;
    const behind = this.order.placeBehind();
    const limit = behind >= end ? Math.min(behind, this.window.size) : this.window.size;
    if (end + trailer <= limit) return trailer;
    if (!this.toldOfTrailer) {
      this.toldOfTrailer = true;
      const text =
        "frames are not followed by all that their version announces; what is missing is taken from the header";
      this.report({ text, frame: this.frames + 1, offset: at });
    }
    return TRAILERS.find((size) => end + size === limit) ?? 0;
  }

  private refuse(at: number, text: string, end: number): "none" {
    this.frames++;
    this.order.pass(end);
    this.report({ text, frame: this.frames, offset: Math.min(at, this.window.size) });
    return "none";
  }

  private giveUp(at: number): void {
    const text = "the frames lie over one another; the rest of them is not read";
    this.report({ text, frame: this.frames + 1, offset: at });
  }

  private end(): "end" {
    this.unread.tell(this.report);
    this.joined.tell(this.report);
    return "end";
  }
}

/** Trailers of the earlier versions. */
const TRAILERS = [6, 2];
const OUTSIDE = "the table names a place outside the file; the frame is left out";
const TWICE = "the table names a frame twice; it is read once";
const CUT = "the frame is cut by the end of the file; it is left out";

function tooLarge(captured: number): string {
  return `a frame of ${captured} captured bytes is left out (at most ${limits.frameBytes} are read)`;
}

/** Network Monitor's own statistics: an Ethernet frame without addresses whose SNAP protocol is 0x1984. */
function isStatistics(file: DataView, start: number, end: number): boolean {
  return (
    end - start >= 22 &&
    file.getUint32(start) === 0 &&
    file.getUint32(start + 14) === 0xaaaa0300 &&
    file.getUint32(start + 18) === 0x00001984
  );
}
