import { fstatSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Loaded at the first ticket: it takes as long to load as a small capture to read. */
export function cryptography(): typeof import("node:crypto") {
  return require("node:crypto");
}

/** Whether a terminal is there. `node:tty` brings the network with it, and is loaded only for what may be one. */
export function isTerminal(descriptor: number): boolean {
  return isDevice(descriptor) && terminals().isatty(descriptor);
}

function terminals(): typeof import("node:tty") {
  return require("node:tty");
}

function isDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    // Closed by whoever started us.
    return false;
  }
}
