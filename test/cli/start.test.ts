import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { pcap, somePackets } from "../capture/build.ts";
import { buildProgram } from "./program.ts";

const program = buildProgram();
afterAll(() => program.remove());

const spy = join(program.folder, "spy.cjs");
writeFileSync(spy, "process.on('exit', () => console.error(process.moduleLoadList.join('\\n')));");
const capture = join(program.folder, "one.pcap");
writeFileSync(capture, pcap(somePackets(1)));

/** What a run loads of Node. */
function loadedBy(...args: string[]): string[] {
  const kflow = join(program.folder, "dist", "kflow.cjs");
  const { stderr } = spawnSync(process.execPath, ["--require", spy, kflow, ...args], { encoding: "utf8" });
  return stderr.split("\n").flatMap((line) => /^NativeModule (.*)/.exec(line)?.[1] ?? []);
}

const NEEDLESS = [
  "assert",
  "crypto",
  "internal/crypto/random",
  "internal/util/parse_args/parse_args",
  "module",
  "net",
  "os",
  "perf_hooks",
  "timers/promises",
  "v8",
];

describe("a start loads nothing of Node that it does not need", () => {
  it("--version", () => {
    const loaded = loadedBy("--version");
    expect(loaded).toContain("fs");
    expect(loaded.filter((name) => [...NEEDLESS, "stream", "tty", "zlib"].includes(name))).toEqual([]);
  });

  it.each(["text", "json"])("a capture of one packet, as %s", (format) => {
    const loaded = loadedBy("--format", format, capture);
    expect(loaded).toContain("fs");
    expect(loaded.filter((name) => [...NEEDLESS, "tty"].includes(name))).toEqual([]);
  });
});

describe("the library", () => {
  it("is one module that imports nothing, of Node or else", () => {
    const code = readFileSync(join(program.folder, "dist", "index.js"), "utf8");
    expect(code).toMatch(/export\s*\{/);
    expect(code.match(/\bimport\s*[("{*].{0,40}|\brequire\(.{0,40}/g)).toBeNull();
  });
});
