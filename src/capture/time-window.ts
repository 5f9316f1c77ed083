import type { FrameView } from "../model/frame.ts";
import type { Instant } from "../model/time.ts";

/** A moment as a user names it: in UTC, as a time of the day on which the capture begins, or after its first frame. */
export type Moment =
  | { readonly kind: "at"; readonly instant: Instant }
  | { readonly kind: "clock"; readonly secondOfDay: number; readonly nanos: number }
  | { readonly kind: "after"; readonly seconds: number; readonly nanos: number };

const DAY = 86_400;
const BILLION = 1_000_000_000;

/** Lets the frames pass that were seen from `since` (inclusive) until `until` (exclusive); null: no bound. */
export class TimeWindow {
  private readonly since: Moment | null;
  private readonly until: Moment | null;
  private from: Instant | null = null;
  private to: Instant | null = null;
  private begun = false;

  constructor(since: Moment | null, until: Moment | null) {
    this.since = since;
    this.until = until;
  }

  /** Frames come in order; the first decides what a time of day or a distance means. */
  admits(view: FrameView): boolean {
    if (!this.begun) this.begin(view);
    if (this.from !== null && isBefore(view, this.from)) return false;
    return this.to === null || isBefore(view, this.to);
  }

  private begin({ seconds, nanos }: FrameView): void {
    this.begun = true;
    const first = { seconds, nanos };
    this.from = this.since && instantOf(this.since, first);
    this.to = this.until && instantOf(this.until, first);
  }
}

function isBefore(view: FrameView, instant: Instant): boolean {
  return (view.seconds - instant.seconds || view.nanos - instant.nanos) < 0;
}

function instantOf(moment: Moment, first: Instant): Instant {
  if (moment.kind === "at") return moment.instant;
  if (moment.kind === "clock") {
    const midnight = Math.floor(first.seconds / DAY) * DAY;
    return { seconds: midnight + moment.secondOfDay, nanos: moment.nanos };
  }
  const nanos = first.nanos + moment.nanos;
  const carried = nanos >= BILLION ? 1 : 0;
  return { seconds: first.seconds + moment.seconds + carried, nanos: nanos - carried * BILLION };
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]([\d:.]+))?(?:Z|([+-])(\d\d):?(\d\d))?$/;
const CLOCK = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/;
const AFTER = /^\+(\d{1,9})(?:\.(\d{1,9}))?(s|m|h)?$/;

/**
 * Reads `2026-11-20T09:41:38.25Z` (UTC where no zone is given; a blank may stand for the T), `09:41:38`, or `+90`,
 * `+1.5m`, `+2h` after the first frame; null for anything else.
 */
export function momentOf(text: string): Moment | null {
  return afterOf(text) ?? clockMoment(text) ?? dateOf(text);
}

function afterOf(text: string): Moment | null {
  const [whole, number, decimals, unit = "s"] = AFTER.exec(text) ?? [];
  if (whole === undefined) return null;
  const factor = unit === "h" ? 3600 : unit === "m" ? 60 : 1;
  const fraction = nanosOf(decimals) * factor;
  const seconds = Number(number) * factor + Math.floor(fraction / BILLION);
  return { kind: "after", seconds, nanos: fraction % BILLION };
}

function clockMoment(text: string): Moment | null {
  const time = timeOf(text);
  return time && { kind: "clock", secondOfDay: time.seconds, nanos: time.nanos };
}

function dateOf(text: string): Moment | null {
  const [whole, year, month, day, clock, sign, hours, minutes] = DATE.exec(text) ?? [];
  if (whole === undefined) return null;
  const time = clock === undefined ? { seconds: 0, nanos: 0 } : timeOf(clock);
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000;
  const isReal = new Date(midnight * 1000).toISOString().startsWith(`${year}-${month}-${day}`);
  if (time === null || !isReal) return null;
  const zone = (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60);
  return { kind: "at", instant: { seconds: midnight + time.seconds - zone, nanos: time.nanos } };
}

function timeOf(text: string): Instant | null {
  const [whole, hour, minute, second = "0", decimals] = CLOCK.exec(text) ?? [];
  if (whole === undefined) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  return { seconds: Number(hour) * 3600 + Number(minute) * 60 + Number(second), nanos: nanosOf(decimals) };
}

function nanosOf(decimals: string | undefined): number {
  return decimals === undefined ? 0 : Number(decimals.padEnd(9, "0"));
}
