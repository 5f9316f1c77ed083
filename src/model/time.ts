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
    lastText = `${wholeSecond(seconds)}.`;
    lastSecond = seconds;
  }
  return lastText;
}

/**
 * `2026-11-20T09:30:17` of a second of the years 0 to 9999. As `toISOString`, which however loads the rules of the local
 * time zone when it is first asked: two milliseconds of a run of seventy.
 */
export function wholeSecond(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = `${padded(date.getUTCFullYear(), 4)}-${padded(date.getUTCMonth() + 1, 2)}-${padded(date.getUTCDate(), 2)}`;
  return `${day}T${padded(date.getUTCHours(), 2)}:${padded(date.getUTCMinutes(), 2)}:${padded(date.getUTCSeconds(), 2)}`;
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}

const SECOND = 1_000_000_000;

/** `123456789Z`: of parts so short that V8 joins them at once; a chain of them costs its first reader more than all this. */
function decimalsText(nanos: number): string {
  // A damaged capture may hold a fraction of more than a second.
  if (nanos >= SECOND) return `${nanos}Z`;
  const micros = (nanos / 1000) | 0;
  const millis = (micros / 1000) | 0;
  const rest = nanos - micros * 1000;
  const first = digits.of(millis);
  const second = micros - millis * 1000;
  // Most captures count microseconds.
  return rest === 0 ? first + wholeMicros.of(second) : `${first}${digits.of(second)}${digits.of(rest)}Z`;
}

/** What is made of each number below 1000, once it is asked for. */
class Below1000 {
  private readonly made: string[] = new Array<string>(1000).fill("");
  private readonly make: (number: number) => string;

  constructor(make: (number: number) => string) {
    this.make = make;
  }

  of(number: number): string {
    const known = this.made[number];
    if (known !== undefined && known !== "") return known;
    const text = this.make(number);
    this.made[number] = text;
    return text;
  }
}

const digits = new Below1000((number) => String(number).padStart(3, "0"));
const wholeMicros = new Below1000((number) => `${digits.of(number)}000Z`);
