import { limits } from "../../bytes/limits.ts";
import type { FileWindow } from "../file-window.ts";
import { processName, programOf } from "../process-name.ts";
import { utf16Of } from "../utf16.ts";

/** Longer than any path that Windows knows. */
const LONGEST_PATH = 65_536;
/** Process, ports, whether the addresses are of IPv6, two addresses of 16 bytes. */
const BEHIND_ICON = 48;
const AHEAD = 4 * LONGEST_PATH;

/**
 * The table of processes of versions 2.2 and 2.3: path, icon, process, and the connection that was found to be its.
 * Frames name a row of it.
 */
export class ProcessTable {
  private readonly byRow: (string | null)[] = [];
  private readonly byId = new Map<number, string>();
  private at: number;
  /** Where the table stands. */
  readonly offset: number;
  private left: number;
  private program: string | null = null;
  /** A sentence where the table could not be read to its end. */
  complaint: string | null = null;

  constructor(at: number, count: number) {
    this.offset = at;
    this.at = at + 2;
    this.left = Math.min(count, limits.processes);
    if (count > limits.processes) this.complaint = `only the first ${limits.processes} of ${count} processes are read`;
  }

  /** Reads on; false where bytes must be fed first. */
  read(window: FileWindow): boolean {
    while (this.left > 0) {
      const step = this.program === null ? this.readPath(window) : this.readProcess(window, this.program);
      if (!step) return false;
    }
    return true;
  }

  /** The process of a row, null for none. */
  ofRow(row: number): string | null {
    return this.byRow[row] ?? null;
  }

  /** The process of that number, by its program where a row tells it. */
  ofId(id: number): string | null {
    return this.byId.get(id) ?? processName("", id);
  }

  /** u32 bytes of the path, the path in UTF-16, u32 bytes of an icon, which is passed over. */
  private readPath(window: FileWindow): boolean {
    if (this.at + 4 > window.size) return this.stop("ends before its rows do");
    const size = window.find(this.at, 4, AHEAD);
    if (size < 0) return false;
    const length = window.view.getUint32(size, true);
    if (length > LONGEST_PATH) return this.stop(`holds a path of ${length} bytes`);
    if (this.at + 8 + length > window.size) return this.stop("ends before its rows do");
    const at = window.find(this.at, 8 + length, AHEAD);
    if (at < 0) return false;
    this.program = programOf(utf16Of(window.bytes, at + 4, at + 4 + length));
    this.at += 8 + length + window.view.getUint32(at + 4 + length, true);
    return true;
  }

  private readProcess(window: FileWindow, program: string): boolean {
    if (this.at + BEHIND_ICON > window.size) return this.stop("ends before its rows do");
    const at = window.find(this.at, BEHIND_ICON, AHEAD);
    if (at < 0) return false;
    const id = window.view.getUint32(at, true);
    const name = processName(program, id);
    this.byRow.push(name);
    if (name !== null && !this.byId.has(id)) this.byId.set(id, name);
    this.at += BEHIND_ICON;
    this.program = null;
    this.left -= 1;
    return true;
  }

  private stop(how: string): true {
    this.complaint = `the table of processes ${how}; ${this.byRow.length} rows of it were read`;
    this.left = 0;
    return true;
  }
}
