import type { ProblemSink } from "../../model/problem.ts";
import type { FileWindow } from "../file-window.ts";
import { FrameTable } from "./frame-table.ts";
import { FrameWalk } from "./frame-walk.ts";
import { HEADER_BYTES, type NetmonHeader } from "./header.ts";

export const WAIT = -1;
export const END = -2;

/** Where the frames lie, in their order: by the table, and where it is lost or cut, as they lie in the file. */
export class FrameOrder {
  private readonly window: FileWindow;
  private readonly report: ProblemSink;
  private readonly header: NetmonHeader;
  private readonly entries: number;
  private readonly table: FrameTable;
  private index = 0;
  private walk: FrameWalk | null = null;
  /** Behind all frames that the table named. */
  private furthest = HEADER_BYTES;
  /** The table did not name all frames. */
  isRecovered = false;

  constructor(window: FileWindow, header: NetmonHeader, report: ProblemSink) {
    this.window = window;
    this.report = report;
    this.header = header;
    this.entries = Math.floor(header.tableLength / 4);
    const isThere = header.tableAt >= HEADER_BYTES && header.tableAt < window.size;
    // Each frame takes its header and its entry.
    const isPossible = isThere && this.entries * (4 + header.header) <= window.size;
    this.table = new FrameTable(window, header.tableAt, isPossible ? this.entries : 0);
    if (header.tableLength % 4 !== 0) this.tellRest();
  }

  /** Offset of the frame at hand, `WAIT` where bytes must be fed first, `END` behind the last. */
  place(): number {
    if (this.index < this.table.count) return this.table.has(this.index) ? this.table.placeOf(this.index) : WAIT;
    if (this.entries > 0 && this.table.count === this.entries) return END;
    this.walk ??= new FrameWalk(this.header, this.furthest, this.endOfWalk());
    const found = this.walk.find(this.window);
    if (found === "wait") return WAIT;
    if (found === "found" || this.entries > 0) this.tellRecovery();
    return found === "found" ? this.walk.at : END;
  }

  /** Offset of the frame behind the one at hand, or of the table; of no use where it lies before it. */
  placeBehind(): number {
    return this.index < this.table.count ? this.table.placeBehind(this.index) : 0;
  }

  /** The frame at hand, which ends at `end`, was read or refused. */
  pass(end: number): void {
    if (this.index < this.table.count) {
      this.index += 1;
      this.furthest = Math.max(this.furthest, end);
    } else if (this.walk !== null) {
      this.tellGap(this.walk);
      this.walk.pass(this.window, end);
    }
  }

  private endOfWalk(): number {
    const { tableAt } = this.header;
    return tableAt > this.furthest ? Math.min(tableAt, this.window.size) : this.window.size;
  }

  private tellRecovery(): void {
    if (this.isRecovered) return;
    this.isRecovered = true;
    const text =
      this.table.count === 0
        ? "the table of the frames is lost; they are given in the order in which they lie in the file, as far as they can be found"
        : "the table of the frames is cut; those that it does not name are given behind the others";
    this.report({ text, offset: Math.min(this.header.tableAt, this.window.size) });
  }

  private tellRest(): void {
    const text = `the table of the frames has ${this.header.tableLength} bytes, which is no multiple of four`;
    this.report({ text, offset: Math.min(this.header.tableAt, this.window.size) });
  }

  private tellGap({ at, gap }: FrameWalk): void {
    if (gap > 0) this.report({ text: `${gap} bytes between frames could not be read`, offset: at - gap });
  }
}
