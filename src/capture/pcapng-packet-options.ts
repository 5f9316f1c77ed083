import { processText } from "./etl/process-text.ts";
import type { PcapngAbout } from "./pcapng-about.ts";
import { optionText } from "./pcapng-options.ts";

const option = { end: 0, comment: 1, flags: 2, packetId: 5, process: 8, darwinProcess: 0x8001 } as const;
const DIRECTION = 3;
const INBOUND = 1;
/** `PID=`, as Microsoft's converter begins its comments. */
const PID = [0x50, 0x49, 0x44, 0x3d] as const;
const ZERO = 0x30;
/** Longer comments are somebody's own. */
const LONGEST_OF_CONVERTER = 80;

/**
 * Reads the options of Enhanced Packet Blocks (draft-ietf-opsawg-pcapng 4.3): which process, at which of several points,
 * and what somebody remarked. The process that Microsoft's converters name was running when the packet passed, so it
 * counts only for packets that were sent; Darwin names the owner of the socket.
 */
export class PacketOptions {
  private readonly about: PcapngAbout;
  /** Of the current section. */
  littleEndian = true;
  private sender: string | null = null;
  private owner: string | null = null;
  private isInbound = false;
  /** The packet has a number that it has at the other points, too. */
  isIdentified = false;

  constructor(about: PcapngAbout) {
    this.about = about;
  }

  /** The process that sent or owns the packet read last. */
  get process(): string | null {
    return this.owner ?? (this.isInbound ? null : this.sender);
  }

  /** Reads the options in `view[at, end)` of the packet of `frame`; false where one runs past the end. */
  read(view: DataView, at: number, end: number, frame: number): boolean {
    this.sender = null;
    this.owner = null;
    this.isInbound = false;
    this.isIdentified = false;
    for (let place = at; place + 4 <= end; ) {
      const code = view.getUint16(place, this.littleEndian);
      const length = view.getUint16(place + 2, this.littleEndian);
      if (code === option.end) break;
      if (place + 4 + length > end) return false;
      if (code === option.comment) this.noteComment(view, place + 4, length, frame);
      else this.note(code, view, place + 4, length);
      place += 4 + ((length + 3) & ~3);
    }
    return true;
  }

  private note(code: number, view: DataView, at: number, length: number): void {
    if (length < 4) return;
    const value = view.getUint32(at, this.littleEndian);
    if (code === option.flags) this.isInbound = (value & DIRECTION) === INBOUND;
    else if (code === option.packetId) this.isIdentified = true;
    else if (code === option.process) this.sender = processText(value);
    else if (code === option.darwinProcess) this.owner = this.about.processes[value] ?? null;
  }

  private noteComment(view: DataView, at: number, length: number, frame: number): void {
    const id = length <= LONGEST_OF_CONVERTER ? pidIn(view, at, length) : -1;
    if (id >= 0) this.sender = processText(id);
    else if (this.about.hasRoomForComments) {
      const text = optionText(view, at, length);
      if (text !== "") this.about.comment(`frame ${frame}: ${text}`);
    }
  }
}

/** The number behind `PID=`; -1 where the comment is none of the converter's. */
function pidIn(view: DataView, at: number, length: number): number {
  if (length <= PID.length) return -1;
  for (let index = 0; index < PID.length; index++) if (view.getUint8(at + index) !== PID[index]) return -1;
  let id = -1;
  for (let place = at + PID.length; place < at + length; place++) {
    const digit = view.getUint8(place) - ZERO;
    if (digit < 0 || digit > 9) break;
    id = Math.max(id, 0) * 10 + digit;
  }
  return id > 0xffffffff ? -1 : id;
}
