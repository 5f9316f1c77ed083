import { limits } from "../../bytes/limits.ts";
import type { Discard } from "../../model/capture-facts.ts";
import { NO_REASON } from "../event-ndis.ts";

/** All reasons beyond `limits.discardReasons`. */
const OTHER_REASONS = -2;

/** Packets that Windows threw away, by reason. */
export class Discards {
  private readonly byReason = new Map<number, { count: number; readonly frames: number[] }>();

  /** Counts one, and gives its reason in words as far as they are known by now. */
  add(reason: number, frame: number, nameOf: (reason: number) => string): string {
    const isKnown = this.byReason.has(reason) || this.byReason.size < limits.discardReasons;
    const key = isKnown ? reason : OTHER_REASONS;
    const row = this.byReason.get(key) ?? { count: 0, frames: [] };
    row.count += 1;
    if (row.frames.length < limits.framesPerStep) row.frames.push(frame);
    this.byReason.set(key, row);
    return textOf(reason, nameOf);
  }

  /** The most frequent first. */
  list(nameOf: (reason: number) => string): Discard[] {
    const rows = [...this.byReason].map(([reason, row]) => ({ reason: textOf(reason, nameOf), ...row }));
    return rows.sort((a, b) => b.count - a.count || (a.frames[0] ?? 0) - (b.frames[0] ?? 0));
  }
}

function textOf(reason: number, nameOf: (reason: number) => string): string {
  if (reason === OTHER_REASONS) return "other reasons";
  return reason === NO_REASON ? "no reason given" : nameOf(reason);
}
