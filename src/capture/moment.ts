const SECOND = 1_000_000_000;

/** A moment that is written into, as frames are: whole seconds and nanoseconds. */
export interface Moment {
  seconds: number;
  nanos: number;
}

/** Moves the whole seconds of a fraction that holds one or more to where they belong; false where there were none. */
export function carrySeconds(moment: Moment): boolean {
  if (moment.nanos < SECOND) return false;
  const whole = Math.floor(moment.nanos / SECOND);
  moment.seconds += whole;
  moment.nanos -= whole * SECOND;
  return true;
}
