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
export function isoTime(moment: Instant): string {
  const nanos = String(moment.nanos).padStart(9, "0");
  if (moment.seconds < FIRST_SECOND_OF_YEAR_0 || moment.seconds > LAST_SECOND_OF_YEAR_9999) {
    return `${moment.seconds}.${nanos}s`;
  }
  return `${secondText(moment.seconds)}.${nanos}Z`;
}

let lastSecond = Number.NaN;
let lastText = "";

/** Moments come in order, many within one second: the calendar is asked once for each. */
function secondText(seconds: number): string {
  if (seconds !== lastSecond) {
    lastText = new Date(seconds * 1000).toISOString().slice(0, 19);
    lastSecond = seconds;
  }
  return lastText;
}
