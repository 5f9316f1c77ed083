import { writeText } from "./write.ts";

/** Somewhere to write text to; `closed` once nobody reads it any more. */
export interface Output {
  write(text: string): void;
  readonly closed: boolean;
  /** Calls this before text really leaves: a progress line on the same screen has to go first. */
  before(callback: () => void): void;
  /** Lets everything leave that was written. */
  flush(): void;
}

const GATHERED = 65_536;

/**
 * Standard output, written synchronously so that nothing is lost at exit: small pieces are gathered, and a reader that
 * went away (`| head`) is not an error.
 */
export function standardOutput(write: (text: string) => boolean = (text) => writeText(1, text)): Output {
  let waiting = "";
  let closed = false;
  let ready = () => {};
  const flush = () => {
    if (closed || waiting === "") return;
    ready();
    closed = !write(waiting);
    waiting = "";
  };
  return {
    write(text) {
      if (closed) return;
      waiting += text;
      if (waiting.length >= GATHERED) flush();
    },
    flush,
    before(callback) {
      ready = callback;
    },
    get closed() {
      return closed;
    },
  };
}
