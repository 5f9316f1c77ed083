import type { FramePlace } from "../model/report.ts";

/**
 * Numbers the frames of several captures as they come in order of time, and finds each again.
 *
 * Kept are runs of frames that follow one another in one capture: a ring buffer of forty files needs forty, captures of
 * the same minutes one for every change from one to the other, 12 bytes each.
 */
export class FrameBook {
  private readonly most: number;
  private runs = 0;
  private last = 0;
  private lastCapture = -1;
  private lastFrame = 0;
  private starts = new Uint32Array(64);
  private captures = new Uint32Array(64);
  private frames = new Uint32Array(64);

  constructor(most: number) {
    this.most = most;
  }

  /** Whether no run can be added. */
  get isFull(): boolean {
    return this.runs >= this.most;
  }

  /** The number of the next frame in order of time, which has `frame` in `capture`. */
  add(capture: number, frame: number): number {
    this.last++;
    if (capture !== this.lastCapture || frame !== this.lastFrame + 1) this.start(capture, frame);
    this.lastCapture = capture;
    this.lastFrame = frame;
    return this.last;
  }

  placeOf(number: number): FramePlace {
    let low = 0;
    let high = this.runs - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= number) low = middle;
      else high = middle - 1;
    }
    const frame = (this.frames[low] ?? 1) + number - (this.starts[low] ?? 1);
    return { capture: this.captures[low] ?? 0, frame };
  }

  private start(capture: number, frame: number): void {
    if (this.isFull) return;
    if (this.runs === this.starts.length) {
      this.starts = grown(this.starts);
      this.captures = grown(this.captures);
      this.frames = grown(this.frames);
    }
    this.starts[this.runs] = this.last;
    this.captures[this.runs] = capture;
    this.frames[this.runs] = frame;
    this.runs++;
  }
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
