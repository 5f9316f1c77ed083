import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sink } from "./wire.ts";

export interface Measured {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Peak resident memory in KiB. */
  readonly peak: number;
}

/** Told by the program itself as it ends, on descriptor 3. */
const TELL_PEAK =
  "--import=data:text/javascript,import{writeSync as w}from'node:fs';process.on('exit',()=>w(3,String(process.resourceUsage().maxRSS)))";

/** Runs `kflow` and notes its peak memory. */
export function measure(kflow: string, args: readonly string[]): Promise<Measured> {
  const child = spawn(process.execPath, [TELL_PEAK, kflow, ...args], { stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const texts = ["", "", "", ""];
  child.stdio.forEach((stream, at) => {
    stream?.on("data", (piece: Uint8Array) => {
      texts[at] += new TextDecoder().decode(piece);
    });
  });
  return new Promise((resolve) => {
    child.on("close", (code) => {
      resolve({ code, out: texts[1] ?? "", err: texts[2] ?? "", peak: Number(texts[3]) });
    });
  });
}

/** A folder for captures that are too big to keep. */
export class Workshop {
  private readonly folder = mkdtempSync(join(tmpdir(), "kflow-bench-"));

  file(name: string, make: (sink: Sink) => void): string {
    const path = join(this.folder, name);
    const descriptor = openSync(path, "w");
    make((bytes) => writeSync(descriptor, bytes));
    closeSync(descriptor);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
