import { limits } from "../bytes/limits.ts";
import type { CaptureFacts, InterfaceFacts } from "../model/capture-facts.ts";
import type { FrameView } from "../model/frame.ts";
import type { ProblemSink } from "../model/problem.ts";
import { carrySeconds } from "./moment.ts";
import {
  chainIsPossible,
  FILE_HEADER,
  isSecondFile,
  likelyLength,
  type PcapLayout,
  type PcapMagic,
  pcapMagic,
  readLayout,
  rivals,
} from "./pcap-layout.ts";
import type { Pieces } from "./pieces.ts";
import type { FrameReader } from "./reader.ts";
import { damagedAtStart, isNear, type RecordShape, Resync, tooLarge } from "./resync.ts";

/** Of the link-type word: 16 bits link type, then bits 16–25 and 27, which nobody may set. */
const RESERVED_BITS = 0x0bff0000;

/** The snap length that tools ask for when they mean none. */
const WHOLE_PACKETS = 65_535;

type Phase = "header" | "layout" | "records" | "lost" | "stopped";

/**
 * Reads classic pcap (draft-ietf-opsawg-pcap) and its descendants: both byte orders, microseconds and nanoseconds,
 * swapped lengths, Kuznetzov's, Nokia's, AIX's and Ixia's variants, and several files one behind the other.
 */
export class PcapReader implements FrameReader, RecordShape {
  readonly format = "pcap";
  private readonly pieces: Pieces;
  private readonly report: ProblemSink;
  private phase: Phase = "header";
  private candidates: readonly PcapLayout[] = [];
  private layout: PcapLayout | null = null;
  private recordHeader = 0;
  private littleEndian = true;
  private unit = 1;
  private swapped: PcapLayout["swapped"] = "never";
  private linkType = 0;
  private frames = 0;
  private seconds = 0;
  private readonly resync: Resync;
  private readonly interfaces: InterfaceFacts[] = [];
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

  get header(): number {
    return this.recordHeader;
  }

  get longest(): number {
    return this.recordHeader + limits.frameBytes;
  }

  lengthAt(view: DataView, at: number): number {
    if (this.layout === null || !isNear(view.getUint32(at, this.littleEndian), this.seconds)) return -1;
    return likelyLength(this.layout, view, at);
  }

  facts(): CaptureFacts {
    return this.interfaces.length === 0 ? {} : { interfaces: this.interfaces };
  }

  next(view: FrameView): boolean {
    const pieces = this.pieces;
    while (this.phase === "records" || this.prepare()) {
      const { recordHeader, littleEndian } = this;
      if (!pieces.has(recordHeader)) return this.wait();
      const { view: header, at } = pieces;
      let captured = header.getUint32(at + 8, littleEndian);
      let original = header.getUint32(at + 12, littleEndian);
      if (this.swapped !== "never" && (this.swapped === "always" || captured > original)) {
        [captured, original] = [original, captured];
      }
      if (captured > limits.frameBytes) {
        if (!this.lose(tooLarge(captured))) return false;
        continue;
      }
      // The first words of a file header, read as a record, give a frame of no bytes.
      if (captured === 0 && isSecondFile(header, at)) {
        this.startOver();
        continue;
      }
      if (!pieces.has(recordHeader + captured)) return this.wait();
      this.show(view, captured, original);
      pieces.at = view.end;
      return true;
    }
    return false;
  }

  private show(view: FrameView, captured: number, original: number): void {
    const { bytes, view: header, at } = this.pieces;
    const start = at + this.recordHeader;
    view.seconds = this.seconds = header.getUint32(at, this.littleEndian);
    view.nanos = header.getUint32(at + 4, this.littleEndian) * this.unit;
    view.bytes = bytes;
    view.start = start;
    view.end = start + captured;
    view.wireLength = Math.max(original, captured);
    view.linkType = this.linkType;
    view.number = ++this.frames;
    view.point = -1;
    view.dropped = null;
    view.process = null;
    if (carrySeconds(view)) this.tellOfFraction();
  }

  private tellOfFraction(): void {
    if (this.toldOfFraction) return;
    this.toldOfFraction = true;
    this.report({
      text: "a frame's fraction of a second is a second or more; the file may hold nanoseconds but announce microseconds",
      frame: this.frames,
      offset: this.pieces.offset(),
    });
  }

  /** Settles the layout of the records, or finds the next ones behind damage; false when nothing can be read. */
  private prepare(): boolean {
    if (this.phase === "header" && !this.readHeader()) return false;
    if (this.phase === "layout" && !this.chooseLayout()) return false;
    if (this.phase === "lost" && !this.search()) return false;
    return this.phase === "records";
  }

  private readHeader(): boolean {
    const pieces = this.pieces;
    if (!pieces.has(FILE_HEADER)) return this.wait();
    const magic = pcapMagic(pieces.view, pieces.at);
    if (magic === null) return this.stop("the magic number of a pcap file is missing");
    if (!pieces.has(magic.fileHeader)) return this.wait();
    const layout = readLayout(pieces.view, pieces.at, magic);
    if (typeof layout === "string") return this.stop(layout);
    this.checkReservedBits(magic);
    this.noteInterface(layout.linkType, pieces.view.getUint32(pieces.at + 16, magic.littleEndian));
    this.candidates = rivals(layout, magic.magic);
    pieces.at += magic.fileHeader;
    this.phase = "layout";
    return true;
  }

  private checkReservedBits(magic: PcapMagic): void {
    const word = this.pieces.view.getUint32(this.pieces.at + 20, magic.littleEndian);
    if ((word & RESERVED_BITS) === 0) return;
    const text = `reserved bits of the link type are set (0x${word.toString(16)}); only its low 16 bits are used`;
    this.report({ text, offset: this.pieces.offset() + 20 });
  }

  /** A snap length that lets whole packets through is not worth telling; each file of several is an interface. */
  private noteInterface(linkType: number, announced: number): void {
    if (announced === 0 || announced >= WHOLE_PACKETS) return;
    const isKnown = this.interfaces.some((one) => one.linkType === linkType && one.snapLength === announced);
    if (isKnown || this.interfaces.length >= limits.namedInterfaces) return;
    this.interfaces.push({ linkType, snapLength: announced });
  }

  private chooseLayout(): boolean {
    for (const layout of this.candidates) {
      const possible = this.candidates.length === 1 || this.chainIsPossible(layout);
      if (possible === null) return false;
      if (possible) return this.useLayout(layout);
    }
    const usual = this.candidates[0];
    return usual !== undefined && this.useLayout(usual);
  }

  /** null where more bytes are needed and may still come. */
  private chainIsPossible(layout: PcapLayout): boolean | null {
    const pieces = this.pieces;
    for (;;) {
      const verdict = chainIsPossible(layout, pieces.view, pieces.at, pieces.limit);
      if (typeof verdict === "boolean") return verdict;
      if (pieces.has(verdict)) continue;
      // The usual layout needs no proof; any other is believed if its few records end with the file.
      const endsWithFile = verdict - layout.recordHeader === pieces.left();
      return this.ended ? layout === this.candidates[0] || endsWithFile : null;
    }
  }

  private useLayout(layout: PcapLayout): true {
    this.layout = layout;
    this.recordHeader = layout.recordHeader;
    this.littleEndian = layout.littleEndian;
    this.unit = layout.unit;
    this.swapped = layout.swapped;
    this.linkType = layout.linkType;
    this.phase = "records";
    return true;
  }

  private startOver(): void {
    const text = "a second pcap file follows in the same file; it is read as its continuation";
    this.report({ text, frame: this.frames + 1, offset: this.pieces.offset() });
    this.phase = "header";
  }

  private wait(): false {
    if (!this.ended) return false;
    const part = this.phase === "header" ? "its file header" : "a frame";
    if (this.pieces.left() > 0) return this.stop(`the capture is cut short in the middle of ${part}`);
    this.phase = "stopped";
    return false;
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
    if (found === "none") this.phase = "stopped";
    if (found === "found") this.phase = "records";
    return found === "found";
  }

  private stop(text: string): false {
    this.phase = "stopped";
    const frame = this.frames + 1;
    this.report({ text, offset: this.pieces.offset(), ...(frame > 1 ? { frame } : {}) });
    return false;
  }
}
