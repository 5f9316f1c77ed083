/** A moment, exact to the nanosecond: whole seconds since 1970 UTC, and nanoseconds 0…999 999 999. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

/** Seconds from `earlier` to `later`; negative when they stand the other way round. */
export function secondsBetween(earlier: Instant, later: Instant): number {
  return later.seconds - earlier.seconds + (later.nanos - earlier.nanos) / 1e9;
}

export function compareInstants(a: Instant, b: Instant): number {
  return a.seconds - b.seconds || a.nanos - b.nanos;
}

const LAST_SECOND_OF_YEAR_9999 = 253_402_300_799;
const FIRST_SECOND_OF_YEAR_0 = -62_167_219_200;

/** ISO 8601 in UTC with nine decimals; a moment outside the years 0 to 9999 is shown as seconds. */
export function isoTime({ seconds, nanos }: Instant): string {
  if (seconds < FIRST_SECOND_OF_YEAR_0 || seconds > LAST_SECOND_OF_YEAR_9999) {
    return `${seconds}.${String(nanos).padStart(9, "0")}s`;
  }
  return secondText(seconds) + decimalsText(nanos);
}

let lastSecond = Number.NaN;
let lastText = "";

/** `2026-11-20T09:30:17.`: moments come in order, many within one second, and the calendar is asked once for each. */
function secondText(seconds: number): string {
  if (seconds !== lastSecond) {
    lastText = new Date(seconds * 1000).toISOString().slice(0, 20);
    lastSecond = seconds;
  }
  return lastText;
}

const threeDigits: string[] = [];

const SECOND = 1_000_000_000;

/** `123456789Z`: of parts so short that V8 joins them at once; a chain of them costs its first reader more than all this. */
function decimalsText(nanos: number): string {
  // A damaged capture may hold a fraction of more than a second.
  if (nanos >= SECOND) return `${nanos}Z`;
  if (threeDigits.length === 0) for (let n = 0; n < 1000; n++) threeDigits.push(String(n).padStart(3, "0"));
  const micros = (nanos / 1000) | 0;
  const millis = (micros / 1000) | 0;
  return `${threeDigits[millis]}${threeDigits[micros - millis * 1000]}${threeDigits[nanos - micros * 1000]}Z`;
}
