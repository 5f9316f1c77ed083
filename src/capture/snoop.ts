import { limits } from "../bytes/limits.ts";
import type { CaptureFacts } from "../model/capture-facts.ts";
import type { FrameView } from "../model/frame.ts";
import type { ProblemSink } from "../model/problem.ts";
import { FirewallPoints, isFromFirewall } from "./fw-monitor.ts";
import { carrySeconds } from "./moment.ts";
import type { Pieces } from "./pieces.ts";
import type { FrameReader } from "./reader.ts";
import { damagedAtStart, isNear, type RecordShape, Resync, tooLarge } from "./resync.ts";
import { networkOf, RADIO_NETWORK } from "./snoop-networks.ts";

const FILE_HEADER = 16;
const RECORD_HEADER = 24;
/** Surveyor keeps this much about a frame in its padding, so that much tells its files from those of snoop. */
const SURVEYOR_TRAILER = 16;
/** More bytes behind a frame are no padding. */
const LONGEST_PADDING = 1024;
const ETHERNET = 1;

type Phase = "header" | "network" | "records" | "lost" | "stopped";

/**
 * Reads snoop files (RFC 1761) of Solaris and its successors, of Surveyor (versions 2 to 5) and of Check Point's
 * `fw monitor`. Frames are numbered in order, as Wireshark numbers them.
 */
export class SnoopReader implements FrameReader, RecordShape {
  readonly format = "snoop";
  readonly header = RECORD_HEADER;
  readonly longest = RECORD_HEADER + limits.frameBytes + LONGEST_PADDING;
  private readonly pieces: Pieces;
  private readonly report: ProblemSink;
  private phase: Phase = "header";
  private network = 0;
  private isSurveyor = false;
  private linkType = 0;
  private frames = 0;
  private seconds = 0;
  private drops = 0;
  private firewall: FirewallPoints | null = null;
  private readonly resync: Resync;
  private ended = false;
  private toldOfFraction = false;

  /** `pieces` may already hold the first bytes of the file. */
  constructor(pieces: Pieces, report: ProblemSink) {
    this.pieces = pieces;
    this.report = report;
    this.resync = new Resync(pieces, report, this);
  }

  get stopped(): boolean {
    return this.phase === "stopped";
  }

  feed(chunk: Uint8Array): void {
    if (!this.stopped) this.pieces.feed(chunk);
  }

  end(): void {
    this.ended = true;
  }

  facts(): CaptureFacts {
    const program = this.firewall === null ? "Surveyor" : "Check Point fw monitor";
    return {
      ...(this.isSurveyor || this.firewall !== null ? { application: program } : {}),
      ...(this.firewall === null ? {} : { points: this.firewall.names }),
      ...(this.drops > 0 ? { lost: this.drops } : {}),
    };
  }

  next(view: FrameView): boolean {
    const pieces = this.pieces;
    while (this.phase === "records" || this.prepare()) {
      if (!pieces.has(RECORD_HEADER)) return this.wait();
      const included = pieces.view.getUint32(pieces.at + 4);
      const length = pieces.view.getUint32(pieces.at + 8);
      const complaint = complaintOf(included, length);
      if (complaint !== null) {
        if (!this.lose(complaint)) return false;
        continue;
      }
      if (!pieces.has(RECORD_HEADER + included)) return this.wait();
      this.show(view, included);
      pieces.at += RECORD_HEADER + included;
      pieces.skip(length - RECORD_HEADER - included);
      return true;
    }
    return false;
  }

  lengthAt(view: DataView, at: number): number {
    const included = view.getUint32(at + 4);
    const length = view.getUint32(at + 8);
    const isPossible =
      included > 0 &&
      included <= view.getUint32(at) &&
      view.getUint32(at + 20) < 1_000_000 &&
      isNear(view.getUint32(at + 16), this.seconds);
    return isPossible && complaintOf(included, length) === null ? length : -1;
  }

  private show(view: FrameView, included: number): void {
    const { bytes, view: header, at } = this.pieces;
    const original = header.getUint32(at);
    const start = at + RECORD_HEADER;
    this.drops = Math.max(this.drops, header.getUint32(at + 12));
    view.seconds = this.seconds = header.getUint32(at + 16);
    view.nanos = header.getUint32(at + 20) * 1000;
    view.bytes = bytes;
    view.start = start;
    view.end = start + included;
    view.wireLength = Math.max(original, included);
    view.linkType = this.linkType;
    view.number = ++this.frames;
    view.point = -1;
    view.dropped = null;
    view.process = null;
    if (carrySeconds(view)) this.tellOfFraction();
    if (this.isSurveyor && this.network === RADIO_NETWORK) stripRadio(view);
    if (this.frames === 1 && view.linkType === ETHERNET && isFromFirewall(bytes, start, view.end)) {
      this.firewall = new FirewallPoints();
    }
    if (this.firewall !== null) view.point = this.firewall.of(bytes, start, view.end);
  }

  private tellOfFraction(): void {
    if (this.toldOfFraction) return;
    this.toldOfFraction = true;
    const text = "a frame's fraction of a second is a second or more; it was added";
    this.report({ text, frame: this.frames, offset: this.pieces.offset() });
  }

  /** Reads the file header, or looks for the next record where the place was lost; false when nothing can be read. */
  private prepare(): boolean {
    if (this.phase === "header" && !this.readHeader()) return false;
    if (this.phase === "network" && !this.chooseNetwork()) return false;
    if (this.phase === "lost" && !this.search()) return false;
    return this.phase === "records";
  }

  private readHeader(): boolean {
    const { pieces } = this;
    if (!pieces.has(FILE_HEADER)) return this.wait();
    const version = pieces.view.getUint32(pieces.at + 8);
    if (version < 2 || version > 5) return this.stop(`version ${version} of snoop files is not known`);
    this.network = pieces.view.getUint32(pieces.at + 12);
    pieces.at += FILE_HEADER;
    this.phase = "network";
    return true;
  }

  /** What the number of the network means is known from the padding of the first record. */
  private chooseNetwork(): boolean {
    const { pieces } = this;
    if (pieces.has(RECORD_HEADER)) {
      const padding = pieces.view.getUint32(pieces.at + 8) - pieces.view.getUint32(pieces.at + 4) - RECORD_HEADER;
      this.isSurveyor = padding >= SURVEYOR_TRAILER && padding <= LONGEST_PADDING;
    } else if (!this.ended) return false;
    const { name, linkType } = networkOf(this.network, this.isSurveyor);
    if (linkType === null) {
      return this.stop(
        `the frames of this snoop file are of network type ${this.network} (${name}), which is not read`,
      );
    }
    this.linkType = linkType;
    this.phase = "records";
    return true;
  }

  /** True where reading goes on by looking for the next record. */
  private lose(what: string): boolean {
    if (this.frames === 0) return this.stop(damagedAtStart(what));
    this.phase = "lost";
    this.resync.lose(what);
    return true;
  }

  private search(): boolean {
    const found = this.resync.search(this.ended, this.frames + 1);
    if (found === "none") this.finish();
    if (found === "found") this.phase = "records";
    return found === "found";
  }

  private wait(): false {
    if (!this.ended) return false;
    const { pieces } = this;
    const part = this.phase === "header" ? "its file header" : "a frame";
    if (pieces.left() > 0 || pieces.owed > 0) return this.stop(`the capture is cut short in the middle of ${part}`);
    this.finish();
    return false;
  }

  private stop(text: string): false {
    const offset = this.pieces.offset() - this.pieces.owed;
    this.report({ text, offset, ...(this.frames > 0 ? { frame: this.frames + 1 } : {}) });
    this.finish();
    return false;
  }

  private finish(): void {
    this.phase = "stopped";
  }
}

/** What is wrong with the lengths of a record; null where nothing is. */
function complaintOf(included: number, length: number): string | null {
  if (included > limits.frameBytes) return tooLarge(included);
  const padding = length - RECORD_HEADER - included;
  if (padding >= 0 && padding <= LONGEST_PADDING) return null;
  return `a record of ${length} bytes announces ${included} captured bytes`;
}

/** Surveyor's header in front of IEEE 802.11 says its own length, without these four bytes. */
function stripRadio(view: FrameView): void {
  const length = 4 + (view.bytes[view.start + 3] ?? 0);
  const here = Math.min(length, view.end - view.start);
  view.start += here;
  view.wireLength -= here;
}
