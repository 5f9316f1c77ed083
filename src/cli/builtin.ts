import { fstatSync, statSync } from "node:fs";

/** Loaded at the first ticket: it takes as long to load as a small capture to read. */
export function cryptography(): typeof import("node:crypto") {
  return require("node:crypto");
}

/** What V8 can be told. */
export function engine(): typeof import("node:v8") {
  return require("node:v8");
}

/** Where temporary files go. */
export function system(): typeof import("node:os") {
  return require("node:os");
}

/** Whether a terminal is there. `node:tty` brings the network with it, and is loaded only for what may be one. */
export function isTerminal(descriptor: number): boolean {
  const known = asked.get(descriptor);
  if (known !== undefined) return known;
  const isOne = mayBeTerminal(descriptor) && terminals().isatty(descriptor);
  asked.set(descriptor, isOne);
  return isOne;
}

/** What a descriptor leads to stays the same; it is asked before every piece that is written. */
const asked = new Map<number, boolean>();

function terminals(): typeof import("node:tty") {
  return require("node:tty");
}

function mayBeTerminal(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    return found.isCharacterDevice() && found.rdev !== nowhere();
  } catch {
    // Closed by whoever started us.
    return false;
  }
}

/** The number of the device to which scripts send what they do not read; Windows names it otherwise. */
function nowhere(): number | undefined {
  return statSync("/dev/null", { throwIfNoEntry: false })?.rdev;
}
