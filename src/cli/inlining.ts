import { engine } from "./builtin.ts";

/** Bytecode of other functions that V8 may build into one that it optimises: by itself 920 bytes. */
const INLINED = 300;
/** Bytes of captures that are read before V8 has compiled much; a run that ends before needs nothing. */
let few = 256 * 1024;

/**
 * Of a program of small functions V8 compiles each into all that call it, over and over: a third of the CPU of a short
 * run. With less of that 2 000 logins take a twelfth less CPU, 1 GB of other traffic a twentieth less, 20 000 logins as
 * much as before, and all of them 2 to 6 MiB less memory. To be called with the number of bytes that were read.
 */
export function inlineLess(read: number): void {
  if (few <= 0) return;
  few -= read;
  if (few <= 0) engine().setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED}`);
}
