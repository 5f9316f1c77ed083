import { limits } from "../bytes/limits.ts";
import type { CaptureFacts } from "../model/capture-facts.ts";
import type { FrameView } from "../model/frame.ts";
import type { ProblemSink } from "../model/problem.ts";
import { PcapngAbout } from "./pcapng-about.ts";
import { block, countsAsFrame, describes, looksLikeTextTransfer, padded, SECTION_MAGIC } from "./pcapng-blocks.ts";
import { Interfaces } from "./pcapng-interfaces.ts";
import { PcapngPackets } from "./pcapng-packets.ts";
import type { Pieces } from "./pieces.ts";
import type { FrameReader } from "./reader.ts";

/** Type, length and the length again. */
const SMALLEST_BLOCK = 12;
/** The smallest blocks of each kind, both lengths included. */
const SMALLEST_SECTION = 28;
const SMALLEST_INTERFACE = 20;
const SMALLEST_SECRETS = 20;

/**
 * Reads pcapng (draft-ietf-opsawg-pcapng): sections of either byte order, interfaces with their time resolution, and
 * the three kinds of packet blocks. Frames are numbered as Wireshark 4 numbers them, which counts a few other blocks.
 */
export class PcapngReader implements FrameReader {
  readonly format = "pcapng";
  private readonly pieces: Pieces;
  private readonly report: ProblemSink;
  private littleEndian = true;
  private inSection = false;
  private readonly interfaces = new Interfaces();
  /** Length of a block whose body is being skipped and whose trailer is still to come. */
  private skipping = 0;
  private skippingFrom = 0;
  private readonly about = new PcapngAbout();
  private readonly packets: PcapngPackets;
  private ended = false;
  private isStopped = false;
  private toldOfPadding = false;

  /** `pieces` may already hold the first bytes of the file. */
  constructor(pieces: Pieces, report: ProblemSink) {
    this.pieces = pieces;
    this.report = report;
    this.packets = new PcapngPackets(pieces, report, this.interfaces, this.about);
  }

  get stopped(): boolean {
    return this.isStopped;
  }

  feed(chunk: Uint8Array): void {
    if (!this.isStopped) this.pieces.feed(chunk);
  }

  end(): void {
    this.ended = true;
  }

  facts(): CaptureFacts {
    return this.about.facts();
  }

  next(view: FrameView): boolean {
    const pieces = this.pieces;
    while (!this.isStopped) {
      if (this.skipping > 0 && !this.finishSkipping()) return false;
      if (!pieces.has(SMALLEST_BLOCK)) return this.wait();
      const type = pieces.view.getUint32(pieces.at, this.littleEndian);
      if (type === block.section) {
        if (!this.startSection()) return false;
        continue;
      }
      if (!this.inSection) return this.stop("a pcapng file must begin with a section header");
      const length = pieces.view.getUint32(pieces.at + 4, this.littleEndian);
      if (length < SMALLEST_BLOCK) return this.damaged(type, `a block announces a length of ${length} bytes`);
      if (type === block.enhancedPacket || type === block.packet || type === block.simplePacket) {
        if (!this.take(type, length)) return false;
        const shown = this.packets.show(view, type, length);
        pieces.at += padded(length);
        if (shown) return true;
      } else if (type === block.interface) {
        if (!this.take(type, length)) return false;
        this.addInterface(length);
        pieces.at += padded(length);
      } else if (describes(type, length) && this.isShort(length)) {
        if (!this.take(type, length)) return false;
        this.describe(type, length);
        pieces.at += padded(length);
      } else this.passOver(type, length);
    }
    return false;
  }

  /** Waits for the whole block and compares its two lengths. */
  private take(type: number, length: number): boolean {
    if (length > limits.blockBytes) {
      return this.damaged(type, `a block of ${length} bytes is too long (at most ${limits.blockBytes})`);
    }
    const whole = padded(length);
    if (!this.pieces.has(whole)) return this.wait();
    return this.checkTrailer(this.pieces.at + whole - 4, length);
  }

  private checkTrailer(at: number, length: number): boolean {
    const trailer = this.pieces.view.getUint32(at, this.littleEndian);
    if (trailer !== length) {
      return this.stop(`the capture is damaged here: a block's two lengths differ (${length} and ${trailer})`);
    }
    if (length % 4 !== 0 && !this.toldOfPadding) {
      this.toldOfPadding = true;
      this.tell("a block's length is not a multiple of four; it was rounded up");
    }
    return true;
  }

  private startSkipping(length: number): void {
    this.skipping = length;
    this.skippingFrom = this.pieces.offset();
    this.pieces.skip(padded(length) - 4);
  }

  private finishSkipping(): boolean {
    if (!this.pieces.has(4)) return this.wait();
    if (!this.checkTrailer(this.pieces.at, this.skipping)) return false;
    this.pieces.at += 4;
    this.skipping = 0;
    return true;
  }

  private startSection(): boolean {
    const pieces = this.pieces;
    if (!pieces.has(SMALLEST_SECTION)) return this.wait();
    const at = pieces.at;
    const littleEndian = pieces.view.getUint32(at + 8, true) === SECTION_MAGIC;
    if (!littleEndian && pieces.view.getUint32(at + 8, false) !== SECTION_MAGIC) {
      return this.damaged(block.section, "a section header has no byte-order mark");
    }
    this.littleEndian = littleEndian;
    const length = pieces.view.getUint32(at + 4, littleEndian);
    if (length < SMALLEST_SECTION) return this.damaged(block.section, `a section header of ${length} bytes`);
    const major = pieces.view.getUint16(at + 12, littleEndian);
    if (major !== 1) return this.stop(`pcapng version ${major} is not known`);
    if (!this.isShort(length)) {
      this.openSection(at + 24, at + 24);
      this.startSkipping(length);
      return true;
    }
    if (!this.take(block.section, length)) return false;
    this.openSection(pieces.at + 24, pieces.at + length - 4);
    pieces.at += padded(length);
    return true;
  }

  /** Its options are `view[at, end)`. */
  private openSection(at: number, end: number): void {
    this.inSection = true;
    this.interfaces.clear();
    this.packets.beginSection(this.littleEndian);
    this.about.section(this.pieces.view, at, end, this.littleEndian);
  }

  private addInterface(length: number): void {
    const { view, at } = this.pieces;
    const complaint = this.interfaces.add(view, at, length, this.littleEndian);
    if (complaint !== null) this.tell(complaint);
    if (length >= SMALLEST_INTERFACE) this.about.interface(this.interfaces.count - 1, view, at + 8, at + length - 4);
  }

  /** Whether a block that describes the capture is short enough to be read whole; a longer one is told. */
  private isShort(length: number): boolean {
    if (length <= limits.describingBytes) return true;
    this.tell(`a block of ${length} bytes that describes the capture is not read (at most ${limits.describingBytes})`);
    return false;
  }

  private describe(type: number, length: number): void {
    const { view, at } = this.pieces;
    const complaint = this.about.describe(type, view, at + 8, at + length - 4, this.interfaces.count);
    if (complaint !== null) this.tell(complaint);
  }

  /** Goes past a block that is not read; of secrets, the first word of the body tells their kind. */
  private passOver(type: number, length: number): void {
    const { view, at } = this.pieces;
    if (type === block.secrets && length >= SMALLEST_SECRETS) {
      this.about.secret(view.getUint32(at + 8, this.littleEndian));
    }
    if (countsAsFrame(type)) this.packets.frames++;
    this.startSkipping(length);
  }

  private tell(text: string): void {
    this.report({ text, offset: this.skipping > 0 ? this.skippingFrom : this.pieces.offset() });
  }

  private wait(): false {
    if (!this.ended) return false;
    const { pieces } = this;
    const atBoundary = pieces.left() === 0 && pieces.owed === 0 && this.skipping === 0;
    if (!atBoundary) return this.stop("the capture is cut short in the middle of a block");
    this.isStopped = true;
    return false;
  }

  private damaged(type: number, what: string): false {
    const why = looksLikeTextTransfer(type) ? "; the file seems to have gone through a text-mode transfer" : "";
    return this.stop(`the capture is damaged here: ${what}${why}`);
  }

  private stop(text: string): false {
    this.isStopped = true;
    this.tell(text);
    return false;
  }
}
