import { writeSync } from "node:fs";
import type { Text } from "../model/report.ts";
import { isTerminal } from "./builtin.ts";

const RETRY_MILLISECONDS = 5;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes text to standard output (1) or standard error (2) before it returns; false when its reader is gone. */
export function writeText(descriptor: 1 | 2, text: Text): boolean {
  if (isTerminal(descriptor)) return writeToTerminal(descriptor, text);
  return writeBytes(descriptor, typeof text === "string" ? Buffer.from(text) : text);
}

/** Node's own stream for terminals blocks too, and alone knows how a Windows console wants its letters. */
function writeToTerminal(descriptor: 1 | 2, text: Text): boolean {
  (descriptor === 1 ? process.stdout : process.stderr).write(text);
  return true;
}

/** A full pipe that does not block says EAGAIN: waited for, not lost. */
function writeBytes(descriptor: number, bytes: Uint8Array): boolean {
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

/** The system's name of an error (`EPIPE`, `ENOSPC`); null where it has none: then it is a bug of ours. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
