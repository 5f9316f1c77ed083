import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sink } from "./wire.ts";

export interface Measured {
  readonly code: number | null;
  readonly err: string;
  /** Peak resident memory in KiB. */
  readonly peak: number;
  readonly seconds: number;
  /** Characters of the report, and the last part of it. */
  readonly length: number;
  readonly tail: string;
}

/** Told by the program itself as it ends, on descriptor 3. */
const TELL_PEAK =
  "--import=data:text/javascript,import{writeSync as w}from'node:fs';process.on('exit',()=>w(3,String(process.resourceUsage().maxRSS)))";

const TAIL = 200_000;

/** A folder for captures that are too big to keep, and for what kflow says of them. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), "kflow-bench-"));

  file(name: string, make: (sink: Sink) => void): string {
    const path = join(this.folder, name);
    const descriptor = openSync(path, "w");
    make((bytes) => writeSync(descriptor, bytes));
    closeSync(descriptor);
    return path;
  }

  /** Runs `kflow` with its report going into a file, and notes its peak memory. */
  async measure(kflow: string, args: readonly string[]): Promise<Measured> {
    const report = join(this.folder, "report");
    const out = openSync(report, "w");
    const begun = performance.now();
    const child = spawn(process.execPath, [TELL_PEAK, kflow, ...args], { stdio: ["ignore", out, "pipe", "pipe"] });
    const [, , err = "", peak = ""] = await textsOf(child);
    closeSync(out);
    const seconds = (performance.now() - begun) / 1_000;
    const { length, tail } = tailOf(report);
    return { code: child.exitCode, err, peak: Number(peak), seconds, length, tail };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a child says on each of its pipes, once it has ended. */
function textsOf(child: ReturnType<typeof spawn>): Promise<string[]> {
  const texts = ["", "", "", ""];
  child.stdio.forEach((stream, at) => {
    if (stream === null || stream === undefined || !("setEncoding" in stream)) return;
    stream.setEncoding("utf8").on("data", (piece: string) => {
      texts[at] += piece;
    });
  });
  return new Promise((resolve) => child.on("close", () => resolve(texts)));
}

function tailOf(path: string): Pick<Measured, "length" | "tail"> {
  const { size } = statSync(path);
  const bytes = new Uint8Array(Math.min(TAIL, size));
  const descriptor = openSync(path, "r");
  readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  closeSync(descriptor);
  return { length: size, tail: new TextDecoder().decode(bytes) };
}

export interface End {
  readonly problems: readonly { readonly text: string }[];
  readonly captures: readonly { readonly frames: number }[];
  readonly verdict: string;
}

/** What stands behind the sequences of a JSON report. */
export function endOf(tail: string): End {
  return JSON.parse(`{${tail.slice(tail.lastIndexOf('\n  "findings": ['))}`);
}
