import { limits } from "./bytes/limits.ts";

/**
 * How many sequences began at each frame, of those that left lately: ids are only needed of frames near the window.
 *
 * Lists and no map, as nearly all begin behind every one before, and are looked for no further.
 */
export class Beginnings {
  private readonly frames: number[] = [];
  private readonly counts: number[] = [];
  private last = 0;

  /** One more begins here; returns how many do. */
  count(frame: number): number {
    const place = frame > this.last ? -1 : this.frames.lastIndexOf(frame);
    if (place < 0) {
      this.add(frame);
      return 1;
    }
    const count = (this.counts[place] ?? 0) + 1;
    this.counts[place] = count;
    return count;
  }

  /** Past a limit the older half goes. */
  private add(frame: number): void {
    this.last = Math.max(this.last, frame);
    this.frames.push(frame);
    this.counts.push(1);
    if (this.frames.length <= limits.reorderWindow * 8) return;
    const gone = this.frames.length - limits.reorderWindow * 4;
    this.frames.splice(0, gone);
    this.counts.splice(0, gone);
  }
}
