import type { Moment } from "../moment.ts";
import { resolutionOf, setTime } from "../pcapng-time.ts";

const SECOND = 1_000_000_000;
/** FILETIME: units of 100 ns since 1601 in UTC. */
const fileTime = resolutionOf(7, -11_644_473_600);
/** High words of numbers that a double holds exactly. */
const EXACT = 2 ** 20;

export function setFileTime(moment: Moment, high: number, low: number): void {
  setTime(moment, high, low, fileTime);
}

/** Version 1: unsigned milliseconds from the start. */
export function setMilliseconds(moment: Moment, start: Moment, milliseconds: number): void {
  setNanos(moment, start, Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1_000_000);
}

/**
 * Version 2: microseconds from the start, in two halves. Frames from before the start are negative, in whatever way
 * the number is wrapped: it is multiplied by ten within 64 bits and then read as signed, in units of 100 ns.
 */
export function setMicroseconds(moment: Moment, start: Moment, high: number, low: number): void {
  if (high >= -EXACT && high < EXACT) {
    const microseconds = high * 2 ** 32 + low;
    const seconds = Math.floor(microseconds / 1_000_000);
    setNanos(moment, start, seconds, (microseconds - seconds * 1_000_000) * 1000);
    return;
  }
  const units = BigInt.asIntN(64, ((BigInt(high) << 32n) | BigInt(low)) * 10n);
  const rest = ((units % 10_000_000n) + 10_000_000n) % 10_000_000n;
  setNanos(moment, start, Number((units - rest) / 10_000_000n), Number(rest) * 100);
}

function setNanos(moment: Moment, start: Moment, seconds: number, nanos: number): void {
  const sum = start.nanos + nanos;
  moment.seconds = start.seconds + seconds + (sum >= SECOND ? 1 : 0);
  moment.nanos = sum >= SECOND ? sum - SECOND : sum;
}
