import type { Text } from "../model/report.ts";
import { writeText } from "./write.ts";

/** Somewhere to write text to; `closed` once nobody reads it any more. */
export interface Output {
  write(text: Text): void;
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
export function standardOutput(write: (text: Text) => boolean = (text) => writeText(1, text)): Output {
  const bytes = new Uint8Array(GATHERED);
  let filled = 0;
  let waiting = "";
  let closed = false;
  let ready = () => {};
  const leave = (text: Text) => {
    if (closed) return;
    ready();
    closed = !write(text);
  };
  const flush = () => {
    if (filled > 0) leave(bytes.subarray(0, filled));
    if (waiting !== "") leave(waiting);
    filled = 0;
    waiting = "";
  };
  const gather = (text: Uint8Array) => {
    if (waiting !== "" || filled + text.length > GATHERED) flush();
    if (text.length > GATHERED) leave(text);
    else {
      bytes.set(text, filled);
      filled += text.length;
    }
  };
  const join = (text: string) => {
    if (filled > 0) flush();
    waiting += text;
    if (waiting.length >= GATHERED) flush();
  };
  return {
    write(text) {
      if (closed) return;
      if (typeof text === "string") join(text);
      else gather(text);
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
