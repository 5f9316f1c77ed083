import type { ProblemSink } from "../../model/problem.ts";

/** What is told once for the whole file, with the number of times that it happened. */
const sentences = {
  short: (count: number) => `${counted(count, "event ends", "events end")} before its packet begins: left out`,
  time: (count: number) =>
    `${counted(count, "event has", "events have")} an impossible time and the time of the trace's start is shown`,
  backwards: (count: number) =>
    `${counted(count, "event stands", "events stand")} behind a later one of the same buffer: the order is left as written`,
} as const;
export type Complaint = keyof typeof sentences;

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Things that may be wrong with many events of one trace. */
export class Complaints {
  private readonly seen = new Map<Complaint, { count: number; readonly offset: number | null }>();

  /** `offset`: of the buffer in which it happened first, where that is known. */
  add(what: Complaint, offset: number | null, count = 1): void {
    const row = this.seen.get(what);
    if (row !== undefined) row.count += count;
    else if (count > 0) this.seen.set(what, { count, offset });
  }

  tell(report: ProblemSink): void {
    for (const [what, { count, offset }] of this.seen)
      report({ text: sentences[what](count), ...(offset === null ? {} : { offset }) });
  }
}
