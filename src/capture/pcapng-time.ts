const SECOND = 1_000_000_000;
const MICROSECONDS = 6;
/** Above these, a division in doubles would no longer be exact. */
const FINEST_DECIMAL = 9;
const FINEST_BINARY = 23;

/** How an interface counts time: units of 1/`divisor` seconds; null where only BigInt is exact. */
export interface Resolution {
  readonly divisor: number | null;
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
  return { divisor: exact ? base ** exponent : null, base, exponent, offset };
}

export const defaultResolution = resolutionOf(MICROSECONDS, 0);

interface Moment {
  seconds: number;
  nanos: number;
}

/**
 * Turns a 64-bit time stamp into seconds and nanoseconds, written into `moment`.
 *
 * The long division goes in steps of 32, 16 and 16 bits, so that every intermediate value stays below 2^53.
 */
export function setTime(moment: Moment, high: number, low: number, resolution: Resolution): void {
  const { divisor } = resolution;
  if (divisor === null) {
    setFineTime(moment, high, low, resolution);
    return;
  }
  const top = Math.floor(high / divisor);
  const middlePart = (high - top * divisor) * 0x10000 + (low >>> 16);
  const middle = Math.floor(middlePart / divisor);
  const bottomPart = (middlePart - middle * divisor) * 0x10000 + (low & 0xffff);
  const bottom = Math.floor(bottomPart / divisor);
  moment.seconds = top * 0x100000000 + middle * 0x10000 + bottom + resolution.offset;
  moment.nanos = Math.floor(((bottomPart - bottom * divisor) * SECOND) / divisor);
}

function setFineTime(moment: Moment, high: number, low: number, { base, exponent, offset }: Resolution): void {
  const count = (BigInt(high) << 32n) | BigInt(low);
  const units = BigInt(base) ** BigInt(exponent);
  moment.seconds = Number(count / units) + offset;
  moment.nanos = Number(((count % units) * BigInt(SECOND)) / units);
}
