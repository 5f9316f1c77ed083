import { isTerminal } from "./builtin.ts";
import { writeText } from "./write.ts";

/** How far the reading has come, shown on a terminal once it takes longer than a second. */
export interface Progress {
  /** `done` bytes of `total` (null: unknown) have been read. */
  show(done: number, total: number | null): void;
  clear(): void;
}

const PATIENCE_MILLISECONDS = 1_000;
const INTERVAL_MILLISECONDS = 200;
const ERASE = "\r\u001b[K";
const MEGABYTE = 1_000_000;

export function progressOnStderr(): Progress {
  return isTerminal(2)
    ? progress(
        (text) => writeText(2, text),
        () => performance.now(),
      )
    : silent;
}

const silent: Progress = { show: () => {}, clear: () => {} };

export function progress(write: (text: string) => void, now: () => number): Progress {
  const start = now();
  let next = start + PATIENCE_MILLISECONDS;
  let shown = false;
  return {
    show(done, total) {
      const time = now();
      if (time < next) return;
      next = time + INTERVAL_MILLISECONDS;
      shown = true;
      write(`${ERASE}${sentence(done, total, (time - start) / 1_000)}`);
    },
    clear() {
      if (shown) write(ERASE);
      shown = false;
    },
  };
}

/** `312 MB of 1200 MB, 95 MB/s, 9 s left` */
function sentence(done: number, total: number | null, seconds: number): string {
  const rate = done / seconds;
  const read = `${megabytes(done)} MB${total === null ? "" : ` of ${megabytes(total)} MB`} read, ${megabytes(rate)} MB/s`;
  return total === null || rate === 0 ? read : `${read}, ${Math.ceil(Math.max(0, total - done) / rate)} s left`;
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0);
}
