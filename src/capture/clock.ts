import type { FrameView } from "../model/frame.ts";

const BILLION = 1_000_000_000;

/** What the clock of one capturing host is ahead of that of another. */
export interface Clock {
  /** Seconds; negative where it is behind. */
  readonly ahead: number;
  /** Puts a frame's time on the other host's clock. */
  correct(view: FrameView): void;
}

export const noClock: Clock = { ahead: 0, correct: () => {} };

/** A clock that is `nanos` ahead: at most some years, so that a number holds them exactly. */
export function clockAhead(nanos: number): Clock {
  if (nanos === 0) return noClock;
  const seconds = Math.floor(nanos / BILLION);
  const rest = nanos - seconds * BILLION;
  return {
    ahead: nanos / BILLION,
    correct(view) {
      view.seconds -= seconds;
      view.nanos -= rest;
      if (view.nanos >= 0) return;
      view.nanos += BILLION;
      view.seconds -= 1;
    },
  };
}
