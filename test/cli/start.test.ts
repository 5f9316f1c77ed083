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

/** The priority of each thread at the end of a run, the program's first: a number as `nice` counts. */
function prioritiesOf(...preloads: string[]): number[] {
  const spy = join(program.folder, "priorities.cjs");
  writeFileSync(
    spy,
    `const { readdirSync, readFileSync } = require("fs");
    const priority = (thread) => readFileSync("/proc/self/task/" + thread + "/stat", "latin1").split(") ")[1].split(" ")[16];
    process.on("exit", () => {
      const threads = readdirSync("/proc/self/task").map(Number).sort((a, b) => a - b);
      console.error(threads.map(priority).join(" "));
    });`,
  );
  const flags = [spy, ...preloads].flatMap((file) => ["--require", file]);
  const kflow = join(program.folder, "dist", "kflow.cjs");
  return spawnSync(process.execPath, [...flags, kflow, capture], { encoding: "utf8" })
    .stderr.split(" ")
    .map(Number);
}

describe.runIf(process.platform === "linux")("the threads of V8", () => {
  it("are left as they are in a short run", () => {
    const [own, ...others] = prioritiesOf();
    expect(others.length).toBeGreaterThan(3);
    expect(new Set(others)).toEqual(new Set([own]));
  });

  it("go behind the program in a longer one", () => {
    const slow = join(program.folder, "slow.cjs");
    writeFileSync(slow, "let seconds = 0; process.uptime = () => ++seconds;");
    const [own = 0, ...others] = prioritiesOf(slow);
    expect(others.length).toBeGreaterThan(3);
    expect(new Set(others)).toEqual(new Set([Math.min(19, own + 10)]));
  });
});

describe("the library", () => {
  it("is one module that imports nothing, of Node or else", () => {
    const code = readFileSync(join(program.folder, "dist", "index.js"), "utf8");
    expect(code).toMatch(/export\s*\{/);
    expect(code.match(/\bimport\s*[("{*].{0,40}|\brequire\(.{0,40}/g)).toBeNull();
  });
});
