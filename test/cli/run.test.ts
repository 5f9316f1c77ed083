import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { buildProgram, finished, type Program } from "./program.ts";

let program: Program;
const put = (name: string, bytes: Uint8Array) => writeFileSync(join(program.folder, name), bytes);

const FRAME = 64;
const RECORD = 16 + FRAME;

/** A classic pcap file, little-endian, Ethernet, with the same frame again and again. */
function pcap(frames: number, frame: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(24 + frames * RECORD);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 65_535, true);
  view.setUint32(20, 1, true);
  for (let at = 24; at < bytes.length; at += RECORD) {
    view.setUint32(at, 1_669_597_170, true);
    view.setUint32(at + 8, FRAME, true);
    view.setUint32(at + 12, FRAME, true);
    bytes.set(frame, at + 16);
  }
  return bytes;
}

/** The same with a DNS query for `www`, to have something to list. */
function queries(count: number): Uint8Array {
  const dns = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 119, 119, 119, 0, 0, 1, 0, 1];
  const udp = [0xc0, 0, 0, 53, 0, 8 + dns.length, 0, 0, ...dns];
  const ip = [0x45, 0, 0, 20 + udp.length, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, ...udp];
  return pcap(count, [...new Array<number>(12).fill(2), 8, 0, ...ip]);
}

beforeAll(() => {
  program = buildProgram();
  put("none.pcap", pcap(3));
  put("none.pcap.gz", gzipSync(pcap(3)));
  put("half.pcap", pcap(3).subarray(0, 120));
  put("empty.pcap", new Uint8Array(0));
  put("letter.txt", new TextEncoder().encode("Dear Sir or Madam, this is no capture at all."));
  put("query.pcap", queries(1));
  put("queries.pcap", queries(20_000));
  mkdirSync(join(program.folder, "folder"));
}, 60_000);

afterAll(() => program.remove());

const json = (out: string) => JSON.parse(out);

describe("what needs no capture", () => {
  it("--version", async () => {
    expect(await program.run(["--version"])).toEqual({ code: 0, out: `kflow ${manifest.version}\n`, err: "" });
  });

  it("--help", async () => {
    const { code, out, err } = await program.run(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("kflow messages [options] FILE");
  });
});

describe("input that cannot be read", () => {
  it.each([
    [["nowhere.pcap"], /^kflow: nowhere\.pcap: there is no such file\n$/],
    [["folder"], /^kflow: folder: is a directory/],
    [["empty.pcap"], /^kflow: empty\.pcap: .*empty/],
    [["letter.txt"], /^kflow: letter\.txt: /],
    [["none.pcap", "nowhere.pcap"], /^kflow: nowhere\.pcap: there is no such file\n$/],
    [["-", "-"], /standard input can be read once/],
    [["--bogus", "none.pcap"], /unknown option --bogus/],
    [[], /no capture file given/],
    [["mesages", "none.pcap"], /^kflow: mesages: there is no such file; did you mean kflow messages\?\n$/],
    [["-"], /^kflow: standard input: it is empty/],
    [["info", "letter.txt"], /^kflow: letter\.txt: this is a text file/],
    [["compare", "none.pcap", "letter.txt"], /^kflow: letter\.txt: this is a text file/],
    [["decode", "none.pcap"], /kflow decode --frame N FILE shows a frame\n$/],
    [["messages", "nowhere.pcap"], /there is no such file/],
    [["messages", "letter.txt"], /^kflow: /],
  ])("%j ends with 2 and a sentence", async (args, sentence) => {
    const { code, out, err } = await program.run(args);
    expect(err).toMatch(sentence);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
    if (args[0] !== "messages") expect(out).toBe("");
  });

  it.each([
    ["nowhere.pcap"],
    ["folder"],
    ["empty.pcap"],
    ["letter.txt"],
    ["none.pcap", "nowhere.pcap"],
    ["--bogus"],
    [],
  ])("%j still gives a JSON document", async (...args) => {
    const { code, out } = await program.run(["--format", "json", ...args]);
    const { schema, verdict, sequences, problems } = json(out);
    expect({ code, schema, verdict, sequences }).toEqual({
      code: 2,
      schema: "kflow/report/1",
      verdict: "none",
      sequences: [],
    });
    expect(problems.length).toBeGreaterThan(0);
  });
});

describe("captures", () => {
  it("without a login end with 3", async () => {
    const { code, out, err } = await program.run(["none.pcap"]);
    expect({ code, err }).toEqual({ code: 3, err: "" });
    expect(out).toMatch(/^NOTHING TO JUDGE/);
  });

  it("of which a part was asked for are not said to be empty", async () => {
    const { code, out } = await program.run(["--host", "nosuch", "none.pcap"]);
    expect(code).toBe(3);
    expect(out).toMatch(/^NOTHING TO JUDGE: what --host, --since, --until and --filter\s+leave/);
  });

  it("may be gzipped", async () => {
    const { code, out } = await program.run(["--format", "json", "none.pcap.gz"]);
    expect(code).toBe(3);
    expect(json(out).captures[0]).toMatchObject({
      name: "none.pcap.gz",
      compression: "gzip",
      format: "pcap",
      frames: 3,
    });
  });

  it("may come through a pipe", async () => {
    const { code, out } = await program.run(["--format", "json", "-"], pcap(5));
    expect(code).toBe(3);
    expect(json(out).captures[0]).toMatchObject({ name: "-", compression: null, frames: 5 });
  });

  it("that are cut are judged on what was read", async () => {
    const { code, out } = await program.run(["--format", "json", "half.pcap"]);
    expect(code).toBe(3);
    expect(json(out).problems).toHaveLength(1);
    expect(json(out).captures[0].frames).toBe(1);
  });

  it("are listed message by message", async () => {
    const { code, out } = await program.run(["messages", "--format", "ndjson", "query.pcap"]);
    expect(code).toBe(0);
    expect(json(out)).toMatchObject({
      frame: 1,
      src: "10.0.0.1",
      dst: "10.0.0.2",
      protocol: "dns",
      kind: "query",
      id: 0x1234,
    });
  });
});

describe("a reading that ends early", () => {
  it("--timeout reports what was read of an input that stalls", async () => {
    const child = program.start("--timeout", "0.3", "--format", "json", "-");
    child.stdin.write(pcap(2));
    const { code, out } = await finished(child);
    expect(code).toBe(3);
    expect(json(out).captures[0].frames).toBe(2);
    expect(json(out).problems[0].text).toContain("--timeout");
  });

  it("--max-memory reports what was read", async () => {
    const { code, out } = await program.run(["--max-memory", "1", "--format", "json", "none.pcap"]);
    expect(code).toBe(3);
    expect(json(out).problems[0].text).toContain("--max-memory");
  });

  it.skipIf(process.platform === "win32")("an interrupt reports what was read and ends with 130", async () => {
    const child = program.start("messages", "-");
    child.stdin.write(queries(2_000));
    // Its first lines say that it is reading; standard output is written in large pieces.
    await once(child.stdout, "data");
    child.kill("SIGINT");
    const { code, err } = await finished(child);
    expect(code).toBe(130);
    expect(err).toContain("interrupted");
  });

  it.skipIf(process.platform === "win32")("an interrupt ends a comparison with 130", async () => {
    const child = program.start("compare", "none.pcap", "-");
    child.stdin.write(queries(2_000));
    let err = "";
    child.stderr.on("data", (text) => {
      err += text;
    });
    // What it waits for cannot be seen from outside, so it is asked until it answers.
    const asking = setInterval(() => child.kill("SIGINT"), 500);
    const [code] = await once(child, "close");
    clearInterval(asking);
    expect(err).toContain("standard input: reading was interrupted");
    expect(code).toBe(130);
  });

  it.skipIf(process.platform === "win32")("a reader that goes away is no error", async () => {
    const child = program.start("messages", "queries.pcap");
    child.stdout.once("data", () => child.stdout.destroy());
    let err = "";
    child.stderr.on("data", (text) => {
      err += text;
    });
    const [code] = await once(child, "close");
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });
});

describe("output that cannot be written", () => {
  it.skipIf(!existsSync("/dev/full"))("is said to be so, and is no verdict", async () => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [join(program.folder, "dist", "kflow.cjs"), "none.pcap"], {
      cwd: program.folder,
      stdio: ["ignore", full, "pipe"],
    });
    let err = "";
    child.stderr?.on("data", (text) => {
      err += text;
    });
    const [code] = await once(child, "close");
    closeSync(full);
    expect(err).toMatch(/^kflow: the output cannot be written, .*no space left/);
    expect(code).toBe(2);
  });
});

describe("problems of several captures", () => {
  it("are listed with the name of the capture", async () => {
    const { code, err } = await program.run(["messages", "query.pcap", "letter.txt"]);
    expect(err).toMatch(/^kflow: letter\.txt: this is a text file/);
    expect(code).toBe(0);
  });
});

describe("a slow reader", () => {
  it("gets everything", async () => {
    const child = program.start("messages", "--format", "ndjson", "queries.pcap");
    child.stdout.pause();
    setTimeout(() => child.stdout.resume(), 200);
    const { code, out } = await finished(child);
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toHaveLength(20_000);
  });
});
