import { engine } from "./builtin.ts";

/** What V8 reserves for young objects once it has grown it by `GROWTH`: two halves of 4 MiB. */
const GROWN = 8 * 1024 * 1024;
const GROWTH = 4;
let isGrowing = false;

/**
 * Keeps the heap near what is alive: left to itself V8 lets garbage pile up to several times that before it looks.
 *
 * Most objects die young, within one login: a nursery of 4 MiB lets them, where the 1 MiB that V8 begins with has them
 * moved on to where only a full look finds them. Several threads cost more to look through so little than they save.
 * Measured on 20 000 logins (243 MB): an eighth less CPU than with 1 MiB and threads, for 6 MiB more resident.
 */
export function keepHeapSmall(): void {
  const { setFlagsFromString } = engine();
  setFlagsFromString("--heap-growing-percent=30");
  setFlagsFromString("--no-parallel-scavenge");
  setFlagsFromString(`--semi-space-growth-factor=${GROWTH}`);
  isGrowing = true;
}

/** To be called now and then while captures are read: the nursery grows once, by itself, and no more. */
export function keepNurserySmall(): void {
  if (!isGrowing || nursery() < GROWN) return;
  engine().setFlagsFromString("--semi-space-growth-factor=1");
  isGrowing = false;
}

function nursery(): number {
  const spaces = engine().getHeapSpaceStatistics();
  return spaces.find(({ space_name }) => space_name === "new_space")?.space_size ?? 0;
}
