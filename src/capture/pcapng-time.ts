const SECOND = 1_000_000_000;
const MICROSECONDS = 6;
/** Above these, a division in doubles would no longer be exact. */
const FINEST_DECIMAL = 9;
const FINEST_BINARY = 23;

/** How an interface counts time: units of 1/`divisor` seconds; null where only BigInt is exact. */
export interface Resolution {
  readonly divisor: number | null;
  /** Nanoseconds of a unit; a fraction of few enough bits where there is a divisor. */
  readonly nanos: number;
  readonly base: 2 | 10;
  readonly exponent: number;
  /** if_tsoffset: seconds added to every time. */
  readonly offset: number;
}

/** From the octet of if_tsresol: the highest bit chooses the base, the others are the negated exponent. */
export function resolutionOf(octet: number, offset: number): Resolution {
  const base = (octet & 0x80) === 0 ? 10 : 2;
  const exponent = octet & 0x7f;
  const exact = exponent <= (base === 10 ? FINEST_DECIMAL : FINEST_BINARY);
  const units = base ** exponent;
  return { divisor: exact ? units : null, nanos: SECOND / units, base, exponent, offset };
}

export const defaultResolution = resolutionOf(MICROSECONDS, 0);

interface Moment {
  seconds: number;
  nanos: number;
}

/**
 * Turns a 64-bit time stamp into seconds and nanoseconds, written into `moment`.
 *
 * As a double the count may be wrong by some units, and the seconds by one. The units left over are fewer than 2^31, so
 * that the lowest 32 bits of what the seconds leave of the count are exact, and tell.
 */
export function setTime(moment: Moment, high: number, low: number, resolution: Resolution): void {
  const { divisor } = resolution;
  if (divisor === null) {
    setFineTime(moment, high, low, resolution);
    return;
  }
  let seconds = Math.floor((high * 0x100000000 + low) / divisor);
  let rest = (low - Math.imul(seconds, divisor)) | 0;
  if (rest < 0 || rest >= divisor) {
    const more = Math.floor(rest / divisor);
    seconds += more;
    rest -= more * divisor;
  }
  moment.seconds = seconds + resolution.offset;
  moment.nanos = Math.floor(rest * resolution.nanos);
}

function setFineTime(moment: Moment, high: number, low: number, { base, exponent, offset }: Resolution): void {
  const count = (BigInt(high) << 32n) | BigInt(low);
  const units = BigInt(base) ** BigInt(exponent);
  moment.seconds = Number(count / units) + offset;
  moment.nanos = Number(((count % units) * BigInt(SECOND)) / units);
}
