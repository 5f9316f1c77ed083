import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The program as it ships, built for the tests into a folder of their own. */
export interface Program {
  readonly folder: string;
  start(...args: string[]): ChildProcessWithoutNullStreams;
  run(args: readonly string[], input?: Uint8Array): Promise<Result>;
  remove(): void;
}

export interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export function buildProgram(): Program {
  const folder = mkdtempSync(join(tmpdir(), "kflow-test-"));
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const rolldown = join(root, "node_modules", "rolldown", "bin", "cli.mjs");
  execFileSync(process.execPath, [rolldown, "-c", "rolldown.config.js", "--dir", join(folder, "dist")], { cwd: root });
  const start = (...args: string[]) =>
    spawn(process.execPath, [join(folder, "dist", "kflow.cjs"), ...args], { cwd: folder });
  return {
    folder,
    start,
    run(args, input) {
      const child = start(...args);
      child.stdin.on("error", () => {});
      child.stdin.end(input ?? new Uint8Array(0));
      return finished(child);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function finished(child: ChildProcessWithoutNullStreams): Promise<Result> {
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}
