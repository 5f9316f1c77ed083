import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { buildProgram } from "./program.ts";

const program = buildProgram();
afterAll(() => program.remove());

const built = join(program.folder, "dist");
const used = join(program.folder, "used");
const parts = join(used, "parts");
const capture = fileURLToPath(new URL("../../samples/spn-missing/capture.pcap", import.meta.url));

beforeEach(() => {
  rmSync(used, { recursive: true, force: true });
  cpSync(built, used, { recursive: true });
});

const spy = join(program.folder, "spy.cjs");
writeFileSync(
  spy,
  `const vm = require("node:vm");
  vm.Script = class extends vm.Script {
    constructor(source, options) {
      super(source, options);
      console.error(options.filename.replace(/.*[\\\\/]/, ""), this.cachedDataRejected);
    }
  };`,
);

/** A run, and of each part what V8 says of its cache: false is accepted, true rejected, undefined that it was given none. */
function kflow(format: string, ...flags: string[]) {
  const args = ["--require", spy, ...flags, join(used, "kflow.cjs"), "--format", format, "--width", "100", capture];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const told = [...stderr.matchAll(SPIED)].map(([, part = "", rejected = ""]) => [part, rejected] as const);
  const rejected: Record<string, string> = Object.fromEntries(told);
  return { ran: { status, stdout, stderr: stderr.replace(SPIED, "") }, rejected };
}

const SPIED = /^(\w[\w-]*\.cjs) (true|false|undefined)\n/gm;

const caches = () => readdirSync(parts).filter((name) => name.endsWith(".cache"));

function change(damage: (cache: Buffer) => Uint8Array): void {
  for (const name of caches()) writeFileSync(join(parts, name), damage(readFileSync(join(parts, name))));
}

const SUM = 4;
const VERSION = 4;
const PAYLOAD = 24;

function flipped(cache: Buffer, at: number): Buffer {
  cache.writeUInt8(cache.readUInt8(at) ^ 1, at);
  return cache;
}

/** Says that another V8 made it, and is otherwise sound. */
function foreign(name: string): void {
  const cache = flipped(readFileSync(join(parts, name)), VERSION);
  const source = readFileSync(join(parts, name.replace(/\.v.*$/, "")));
  const sum = crc32(cache.subarray(0, -SUM), crc32(source));
  cache.writeUInt32LE(sum, cache.length - SUM);
  writeFileSync(join(parts, name), cache);
}

cpSync(built, used, { recursive: true });
const sound = { text: kflow("text"), json: kflow("json") };

describe("the cache of compiled code", () => {
  it("is accepted by the Node that built it", () => {
    expect(sound.text.rejected).toMatchObject({ "run.cjs": "false", "reading.cjs": "false", "text.cjs": "false" });
    expect(sound.text.ran).toMatchObject({ status: 1, stderr: "" });
  });

  it("is none for --version, which compiles in no time", () => {
    expect(sound.text.rejected).toMatchObject({ "main.cjs": "undefined", "first.cjs": "undefined" });
  });

  const damages: Record<string, () => void> = {
    empty: () => change(() => new Uint8Array(0)),
    missing: () => {
      for (const name of caches()) rmSync(join(parts, name));
    },
    "cut short": () => change((cache) => cache.subarray(0, cache.length >> 1)),
    "damaged in its header": () => change((cache) => flipped(cache, PAYLOAD - 1)),
    "damaged where its code begins": () => change((cache) => flipped(cache, PAYLOAD + 4)),
    "damaged in the midst of its code": () => change((cache) => flipped(cache, cache.length >> 1)),
    "damaged in its sum": () => change((cache) => flipped(cache, cache.length - 1)),
    "nothing but zeros": () => change((cache) => cache.fill(0)),
    "of other parts": () => change((cache) => Buffer.concat([cache.subarray(0, -SUM), Buffer.alloc(SUM)])),
    "of another Node": () => {
      for (const name of caches()) renameSync(join(parts, name), join(parts, name.replace(process.version, "v20.0.0")));
    },
  };

  it.each(Object.keys(damages))("%s: is not given to V8, and changes nothing", (name) => {
    damages[name]?.();
    for (const format of ["text", "json"] as const) {
      const { ran, rejected } = kflow(format);
      expect(new Set(Object.values(rejected))).toEqual(new Set(["undefined"]));
      expect(ran).toEqual(sound[format].ran);
    }
  });

  it("made by another V8 is rejected, and changes nothing", () => {
    caches().forEach(foreign);
    const { ran, rejected } = kflow("text");
    expect(rejected).toMatchObject({ "run.cjs": "true", "reading.cjs": "true", "text.cjs": "true" });
    expect(ran).toEqual(sound.text.ran);
  });

  it("is rejected under other flags, and changes nothing", () => {
    const { ran, rejected } = kflow("text", "--no-opt");
    expect(rejected).toMatchObject({ "reading.cjs": "true" });
    expect(ran).toEqual(sound.text.ran);
  });

  it("is left alone where a part is another one, of the same length", () => {
    const text = join(parts, "text.cjs");
    const source = readFileSync(text, "latin1");
    expect(source).toContain("Show in Wireshark");
    writeFileSync(text, source.replace("Show in Wireshark", "Look in Wireshark"), "latin1");
    const { ran, rejected } = kflow("text");
    expect(rejected).toMatchObject({ "reading.cjs": "false", "text.cjs": "undefined" });
    expect(ran.stdout).toBe(sound.text.ran.stdout.replaceAll("Show in Wireshark", "Look in Wireshark"));
  });

  it("is never written by a run", () => {
    rmSync(join(parts, caches()[0] ?? ""));
    const state = () => readdirSync(parts).map((name) => [name, statSync(join(parts, name)).mtimeMs]);
    const before = state();
    kflow("text");
    expect(state()).toEqual(before);
  });
});

describe("a bug", () => {
  it("is told with places that are found in the parts", () => {
    const bug = join(program.folder, "bug.cjs");
    writeFileSync(bug, 'process.uptime = () => { throw new TypeError("nobody expected this"); };');
    const { status, stderr } = kflow("text", "--require", bug).ran;
    expect(status).toBe(2);
    expect(stderr).toContain("this is a bug in kflow");
    const [, file = "", line, column] = /\(?(\S+reading\.cjs):(\d+):(\d+)\)?/.exec(stderr) ?? [];
    const lines = readFileSync(file, "latin1").split("\n");
    expect(lines[Number(line) - 1]?.slice(Number(column) - 1)).toMatch(/^(process\.)?uptime\b/);
  });
});

describe("the program under the name of a module", () => {
  it("does the same", () => {
    const args = [join(built, "kflow.js"), "--format", "json", "--width", "100", capture];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual(sound.json.ran);
  });
});
