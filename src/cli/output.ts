import { writeSync } from "node:fs";

/** Somewhere to write text to; `closed` once nobody reads it any more. */
export interface Output {
  write(text: string): void;
  readonly closed: boolean;
  /** Calls this before text really leaves: a progress line on the same screen has to go first. */
  before(callback: () => void): void;
}

const BUFFERED = 65_536;
const RETRY_MILLISECONDS = 5;

/**
 * Standard output, written synchronously so that nothing is lost at exit: small pieces are gathered, a full pipe is
 * waited for, and a reader that went away (`| head`) is not an error.
 */
export function standardOutput(descriptor = 1): Output & { flush(): void } {
  let waiting = "";
  let closed = false;
  let ready = () => {};
  const flush = () => {
    if (closed || waiting === "") return;
    ready();
    closed = !writeAll(descriptor, Buffer.from(waiting));
    waiting = "";
  };
  return {
    write(text) {
      if (closed) return;
      waiting += text;
      if (waiting.length >= BUFFERED) flush();
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

/** False when the reader is gone. */
function writeAll(descriptor: number, bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = codeOf(error);
      if (code === "EPIPE") return false;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, RETRY_MILLISECONDS);
    }
  }
  return true;
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** The system's name of an error: `EPIPE`, `EAGAIN`; null where it has none. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
