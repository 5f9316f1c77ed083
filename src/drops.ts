import { limits } from "./bytes/limits.ts";
import { droppedOf } from "./diagnose/dropped.ts";
import type { Sequence } from "./model/report.ts";

/** Packets that the captured host threw away, by the frame in which they were seen first: why, in its words. */
export class Drops {
  private readonly byFrame = new Map<number, string>();

  note(frame: number, reason: string): void {
    if (this.byFrame.size >= limits.droppedFrames) this.forgetOldest();
    this.byFrame.set(frame, reason);
  }

  /** The packet was seen beyond the point at which one copy of it was dropped. */
  wentOn(frame: number): void {
    if (this.byFrame.size > 0) this.byFrame.delete(frame);
  }

  /** The sequence with a word about those of its packets that did not arrive: behind its errors and warnings. */
  beside(sequence: Sequence): Sequence {
    if (this.byFrame.size === 0) return sequence;
    const finding = droppedOf(sequence, (frame) => this.byFrame.get(frame));
    if (finding === null) return sequence;
    const isGraver = (severity: string) => severity !== "info";
    const graver = sequence.findings.filter(({ severity }) => isGraver(severity));
    const others = sequence.findings.filter(({ severity }) => !isGraver(severity));
    return { ...sequence, findings: [...graver, finding, ...others] };
  }

  private forgetOldest(): void {
    const oldest = this.byFrame.keys().next();
    if (!oldest.done) this.byFrame.delete(oldest.value);
  }
}
