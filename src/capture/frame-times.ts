import type { FrameView } from "../model/frame.ts";
import { isoTime } from "../model/time.ts";

const BILLION = 1_000_000_000;
/** Frames of several processors or queues are out of order by less than this in sound captures. */
const JITTER_NANOS = 1_000_000;

/**
 * The earliest and the latest time of all frames of a capture, wherever they stand; frames without time do not count.
 *
 * Most frames are later than the one before: only where such a run begins or ends is there anything to compare.
 */
export class FrameTimes {
  /** Frames that are earlier than the one before by more than the jitter of sound captures. */
  backward = 0;
  private seconds = 0;
  private nanos = 0;
  private isRunning = false;
  private firstSeconds = Number.POSITIVE_INFINITY;
  private firstNanos = 0;
  private lastSeconds = Number.NEGATIVE_INFINITY;
  private lastNanos = 0;

  note(view: FrameView): void {
    const { seconds, nanos } = view;
    const isLater = seconds > this.seconds || (seconds === this.seconds && nanos >= this.nanos);
    if (!isLater || !this.isRunning) this.turn(seconds, nanos);
    this.seconds = seconds;
    this.nanos = nanos;
  }

  /** As text; null where no frame had a time. */
  range(): { readonly firstTime: string | null; readonly lastTime: string | null } {
    this.compare(this.seconds, this.nanos);
    if (this.lastSeconds < this.firstSeconds) return { firstTime: null, lastTime: null };
    return {
      firstTime: isoTime({ seconds: this.firstSeconds, nanos: this.firstNanos }),
      lastTime: isoTime({ seconds: this.lastSeconds, nanos: this.lastNanos }),
    };
  }

  /** The frame before was the end of a run, and a frame with a time begins another. */
  private turn(seconds: number, nanos: number): void {
    this.compare(this.seconds, this.nanos);
    const elapsed = (seconds - this.seconds) * BILLION + nanos - this.nanos;
    if (elapsed < -JITTER_NANOS) this.backward += 1;
    this.isRunning = this.compare(seconds, nanos);
  }

  /** False for a frame without time. */
  private compare(seconds: number, nanos: number): boolean {
    if (seconds === 0 && nanos === 0) return false;
    if (seconds > this.lastSeconds || (seconds === this.lastSeconds && nanos > this.lastNanos)) {
      this.lastSeconds = seconds;
      this.lastNanos = nanos;
    }
    if (seconds < this.firstSeconds || (seconds === this.firstSeconds && nanos < this.firstNanos)) {
      this.firstSeconds = seconds;
      this.firstNanos = nanos;
    }
    return true;
  }
}
