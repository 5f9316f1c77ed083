export type Ringing = "timeout" | "interrupted";

/** Rings when the time is up or the user interrupts. */
export interface Alarm {
  readonly rung: Ringing | null;
  /** Waits for the promise, but no longer than until the alarm rings: then `null`. One waiter at a time. */
  orRing<T>(promise: Promise<T>): Promise<T | null>;
  dispose(): void;
}

const LONGEST_TIMER = 2 ** 31 - 1;

/** Listens once: a second interrupt ends the program the system's way. */
export function setAlarm(milliseconds: number | null): Alarm {
  let rung: Ringing | null = null;
  let wake = () => {};
  const ring = (why: Ringing) => {
    rung ??= why;
    wake();
  };
  const interrupted = () => ring("interrupted");
  const timer = milliseconds === null ? undefined : setTimeout(ring, Math.min(milliseconds, LONGEST_TIMER), "timeout");
  process.once("SIGINT", interrupted);
  return {
    get rung() {
      return rung;
    },
    // A fresh promise per wait: racing against one that lives as long as the run would keep a reaction per chunk.
    orRing: (promise) =>
      new Promise((resolve, reject) => {
        wake = () => resolve(null);
        if (rung !== null) wake();
        promise.then(resolve, reject);
      }),
    dispose() {
      clearTimeout(timer);
      process.off("SIGINT", interrupted);
    },
  };
}
