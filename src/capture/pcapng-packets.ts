import { limits } from "../bytes/limits.ts";
import type { FrameView } from "../model/frame.ts";
import type { ProblemSink } from "../model/problem.ts";
import type { PcapngAbout } from "./pcapng-about.ts";
import { block, padded } from "./pcapng-blocks.ts";
import type { Interfaces } from "./pcapng-interfaces.ts";
import { PacketOptions } from "./pcapng-packet-options.ts";
import { setTime } from "./pcapng-time.ts";
import type { Pieces } from "./pieces.ts";

/** The smallest blocks, both lengths included. */
const SMALLEST_PACKET = 32;
const SMALLEST_SIMPLE_PACKET = 16;

/** Reads the three kinds of packet blocks of a pcapng file, and numbers them. */
export class PcapngPackets {
  /** So many blocks were numbered. */
  frames = 0;
  private littleEndian = true;
  private readonly pieces: Pieces;
  private readonly report: ProblemSink;
  private readonly interfaces: Interfaces;
  private readonly options: PacketOptions;
  /** Time of the previous frame, for blocks that have none. */
  private seconds = 0;
  private nanos = 0;
  private toldOfOption = false;

  constructor(pieces: Pieces, report: ProblemSink, interfaces: Interfaces, about: PcapngAbout) {
    this.pieces = pieces;
    this.report = report;
    this.interfaces = interfaces;
    this.options = new PacketOptions(about);
  }

  beginSection(littleEndian: boolean): void {
    this.littleEndian = littleEndian;
    this.options.littleEndian = littleEndian;
  }

  /** Shows the packet block at hand, or says why it cannot be shown. */
  show(view: FrameView, type: number, length: number): boolean {
    this.frames++;
    if (type === block.simplePacket) return this.showSimple(view, length);
    if (length < SMALLEST_PACKET) return this.refuse(`a packet block of ${length} bytes is too short`);
    const header = this.pieces.view;
    const at = this.pieces.at;
    const number =
      type === block.packet ? header.getUint16(at + 8, this.littleEndian) : header.getUint32(at + 8, this.littleEndian);
    const from = this.interfaces.get(number);
    if (from === null) return this.refuseInterface(number);
    const captured = header.getUint32(at + 20, this.littleEndian);
    if (captured > length - SMALLEST_PACKET) {
      return this.refuse(`a packet block of ${length} bytes announces ${captured} captured bytes`);
    }
    if (captured > limits.frameBytes) return this.refuse(tooLarge(captured));
    const high = header.getUint32(at + 12, this.littleEndian);
    setTime(view, high, header.getUint32(at + 16, this.littleEndian), from.resolution);
    this.seconds = view.seconds;
    this.nanos = view.nanos;
    this.place(view, at + 28, captured, header.getUint32(at + 24, this.littleEndian), from.linkType);
    const options = at + 28 + padded(captured);
    if (type === block.enhancedPacket && options + 8 <= at + length)
      this.readOptions(view, options, at, length, number);
    return true;
  }

  private readOptions(frame: FrameView, from: number, at: number, length: number, point: number): void {
    const { options, pieces } = this;
    if (!options.read(pieces.view, from, at + padded(length) - 4, this.frames) && !this.toldOfOption) {
      this.toldOfOption = true;
      this.report({ text: "an option of a packet runs past its block", frame: this.frames, offset: pieces.offset() });
    }
    frame.process = options.process;
    if (options.isIdentified) frame.point = point;
  }

  private showSimple(view: FrameView, length: number): boolean {
    if (length < SMALLEST_SIMPLE_PACKET) return this.refuse(`a packet block of ${length} bytes is too short`);
    const from = this.interfaces.get(0);
    if (from === null) return this.refuseInterface(0);
    const at = this.pieces.at;
    const original = this.pieces.view.getUint32(at + 8, this.littleEndian);
    const space = length - SMALLEST_SIMPLE_PACKET;
    const captured = Math.min(original, space, from.snapLength === 0 ? space : from.snapLength);
    if (captured > limits.frameBytes) return this.refuse(tooLarge(captured));
    view.seconds = this.seconds;
    view.nanos = this.nanos;
    this.place(view, at + 12, captured, original, from.linkType);
    return true;
  }

  private place(view: FrameView, start: number, captured: number, original: number, linkType: number): void {
    view.bytes = this.pieces.bytes;
    view.start = start;
    view.end = start + captured;
    view.number = this.frames;
    view.wireLength = Math.max(original, captured);
    view.linkType = linkType;
    view.point = -1;
    view.dropped = null;
    view.process = null;
  }

  private refuseInterface(number: number): false {
    const complaint = this.interfaces.complainOf(number);
    return complaint !== null && this.refuse(complaint);
  }

  private refuse(text: string): false {
    this.report({ text, frame: this.frames, offset: this.pieces.offset() });
    return false;
  }
}

function tooLarge(captured: number): string {
  return `a frame of ${captured} captured bytes is left out (at most ${limits.frameBytes} are read)`;
}
