import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { constants, createGzip, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { bounded, portioned } from "../../src/cli/bounds.ts";
import { gunzip } from "../../src/cli/gunzip.ts";
import { type Input, openInputs } from "../../src/cli/input.ts";
import { fileSource, type Source, streamSource } from "../../src/cli/source.ts";
import { concat, payload, pcap, somePackets } from "../capture/build.ts";
import { readAll } from "../capture/read.ts";

const folder = mkdtempSync(join(tmpdir(), "kflow-input-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(bytes: Uint8Array): string {
  const path = join(folder, `input-${files++}`);
  writeFileSync(path, bytes);
  return path;
}

async function opened(path: string, problems: string[] = []): Promise<Input> {
  const inputs = await openInputs(path, ({ text }) => problems.push(text));
  if (typeof inputs === "string") throw new Error(inputs);
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) throw new Error(`${inputs.length} captures`);
  return input;
}

/** The bytes of a capture from front to back; leaving the loop early closes it. */
async function* chunksOf(input: Input): AsyncGenerator<Uint8Array, void> {
  const opened = await input.open();
  if (opened.kind === "ranges") throw new Error("not a stream");
  try {
    for (let chunk = await opened.next(); chunk !== null; chunk = await opened.next()) yield chunk;
  } finally {
    opened.close();
  }
}

async function contents(path: string): Promise<{ bytes: Uint8Array; problems: string[]; compression: string | null }> {
  const problems: string[] = [];
  const input = await opened(path, problems);
  const parts: Uint8Array[] = [];
  for await (const chunk of chunksOf(input)) parts.push(chunk.slice());
  return { bytes: concat(parts), problems, compression: input.compression };
}

async function expectContents(
  packed: Uint8Array,
  bytes: Uint8Array,
  problems: readonly RegExp[] = [],
  compression = "gzip",
): Promise<void> {
  const read = await contents(file(packed));
  expect(Buffer.compare(read.bytes, bytes)).toBe(0);
  expect(read.problems).toEqual(problems.map((problem) => expect.stringMatching(problem)));
  expect(read.compression).toBe(compression);
}

/** Bytes that gzip can hardly make shorter, so that a cut in the middle leaves something to read. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

const capture = pcap(somePackets(200, 400));
const large = concat([capture, noise(3_000_000)]);

describe("a file", () => {
  it("comes as it is, in pieces of one reused buffer", async () => {
    const path = file(large);
    const input = await opened(path);
    expect(input).toMatchObject({ name: path, size: large.length, compression: null });
    const buffers = new Set<ArrayBufferLike>();
    for await (const chunk of chunksOf(input)) {
      buffers.add(chunk.buffer);
      expect(Object.getPrototypeOf(chunk)).toBe(Uint8Array.prototype);
    }
    expect(buffers.size).toBe(1);
    const { bytes, problems } = await contents(path);
    expect(Buffer.compare(bytes, large)).toBe(0);
    expect(problems).toEqual([]);
  });

  it("of no bytes or very few is the capture reader's business", async () => {
    for (const length of [0, 1, 2, 3]) expect((await contents(file(payload(length)))).bytes).toEqual(payload(length));
  });

  it("lets timers run while it is read", async () => {
    const path = file(new Uint8Array(40 * 1024 * 1024));
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    for await (const _ of chunksOf(await opened(path)));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});

describe("what cannot be opened", () => {
  const complaint = (path: string) => openInputs(path, () => {});

  it("a missing file", async () => {
    expect(await complaint(join(folder, "nowhere.pcap"))).toMatch(/nowhere\.pcap: there is no such file/);
    expect(await complaint(join(file(capture), "inside"))).toMatch(/not a directory/);
  });

  it("a directory", async () => {
    mkdirSync(join(folder, "a-directory"));
    expect(await complaint(join(folder, "a-directory"))).toMatch(/is a directory/);
  });

  it.skipIf(process.getuid?.() === 0)("a file that may not be read", async () => {
    const path = join(folder, "secret");
    writeFileSync(path, capture, { mode: 0o000 });
    expect(await complaint(path)).toMatch(/permission denied/);
  });

  it.skipIf(process.platform === "win32")("a socket", async () => {
    const path = join(folder, "a-socket");
    const server = createServer();
    await new Promise<void>((listening) => server.listen(path, listening));
    expect(await complaint(path)).toMatch(/is a socket/);
    server.close();
  });

  it("a file that disappears before it is read becomes a problem", async () => {
    const path = file(capture);
    const problems: string[] = [];
    const input = await opened(path, problems);
    rmSync(path);
    for await (const _ of chunksOf(input)) expect.unreachable();
    expect(problems).toEqual([expect.stringMatching(/no such file/)]);
  });
});

describe.skipIf(!existsSync("/proc/self/fd"))("leaving early", () => {
  const descriptors = () => readdirSync("/proc/self/fd").length;

  it.each([
    ["a file", large],
    ["a compressed file", gzipSync(large)],
    ["a twice compressed file", gzipSync(gzipSync(large))],
  ])("closes %s", async (_, bytes) => {
    const path = file(bytes);
    const before = descriptors();
    for await (const chunk of chunksOf(await opened(path))) {
      expect(chunk.length).toBeGreaterThan(0);
      expect(descriptors()).toBe(before + 1);
      break;
    }
    expect(descriptors()).toBe(before);
  });

  it("and reading to the end close the file as well", async () => {
    const path = file(gzipSync(large));
    const before = descriptors();
    await contents(path);
    expect(descriptors()).toBe(before);
  });
});

describe("gzip", () => {
  it("is inflated on the way", async () => {
    await expectContents(gzipSync(large), large);
    expect((await opened(file(gzipSync(large)))).size).toBe(gzipSync(large).length);
  });

  it("with every optional field of its header", async () => {
    const plain = gzipSync(capture);
    const header = plain.slice(0, 10);
    header[3] = 2 | 4 | 8 | 16;
    const fields = [3, 0, 1, 2, 3, ...Buffer.from("name.pcap\0"), ...Buffer.from("a comment\0"), 0x12, 0x34];
    await expectContents(concat([header, Uint8Array.from(fields), plain.subarray(10)]), capture);
  });

  it("in several members, the last ones empty, and with zeros behind them", async () => {
    const members = [gzipSync(large.subarray(0, 1000)), gzipSync(large.subarray(1000)), gzipSync(payload(0))];
    await expectContents(concat(members), large);
    await expectContents(concat([...members, new Uint8Array(1_500_000)]), large);
  });

  it("inside gzip, but not deeper than the limit", async () => {
    await expectContents(gzipSync(gzipSync(large)), large, [], "gzip+gzip");
    const deepest = gzipSync(capture);
    let packed: Uint8Array = deepest;
    for (let depth = 0; depth < limits.compressionDepth; depth++) packed = gzipSync(packed);
    await expectContents(packed, deepest, [], new Array(limits.compressionDepth).fill("gzip").join("+"));
    expect(readAll(deepest).problems[0]?.text).toMatch(/once more/);
  });

  it("that is cut short gives what came before", async () => {
    const packed = gzipSync(large);
    const { bytes, problems } = await contents(file(packed.subarray(0, packed.length >> 1)));
    expect(bytes.length).toBeGreaterThan(large.length / 3);
    expect(Buffer.compare(bytes, large.subarray(0, bytes.length))).toBe(0);
    expect(problems).toEqual([expect.stringMatching(/cut short/)]);
  });

  it("cut anywhere gives one problem, and everything that could be inflated", async () => {
    const packed = gzipSync(capture.subarray(0, 300));
    for (let cut = 3; cut < packed.length; cut++) {
      const { bytes, problems } = await contents(file(packed.subarray(0, cut)));
      expect(problems).toEqual([expect.stringMatching(/cut short/)]);
      expect(Buffer.compare(bytes, capture.subarray(0, bytes.length))).toBe(0);
      if (cut >= packed.length - 8) expect(bytes.length).toBe(300);
    }
  });

  it("followed by something else keeps its data", async () => {
    const packed = gzipSync(large);
    for (const garbage of [
      Uint8Array.of(7),
      payload(100),
      payload(3_000_000),
      Uint8Array.of(0, 0, 9),
      Uint8Array.of(0x1f, 0x8b, 9),
    ]) {
      await expectContents(concat([packed, garbage]), large, [/no gzip data follow/]);
    }
  });

  it("with a wrong checksum or length keeps its data", async () => {
    for (const place of [8, 1]) {
      const packed = gzipSync(capture);
      packed[packed.length - place] = (packed[packed.length - place] ?? 0) ^ 0xff;
      await expectContents(packed, capture, [/checksum is wrong/]);
    }
  });

  it("damaged in the middle gives what came before", async () => {
    const packed = gzipSync(large);
    packed.fill(0xff, packed.length - 5000);
    const { bytes, problems } = await contents(file(packed));
    expect(bytes.length).toBeGreaterThan(1_000_000);
    expect(problems.length).toBe(1);
  });

  it("with a damaged header gives nothing", async () => {
    const packed = gzipSync(capture);
    packed[3] = 0xff;
    await expectContents(packed, payload(0), [/damaged/]);
  });

  it("with an endless name in its header is given up", async () => {
    const named = gzipSync(capture).slice(0, 10);
    named[3] = 8;
    const endless = new Uint8Array(limits.gzipTextBytes + 10).fill(0x41);
    await expectContents(concat([named, endless]), payload(0), [/damaged/]);
  });

  it("gives the same however it arrives", async () => {
    const members = [gzipSync(capture.subarray(0, 300)), gzipSync(payload(0)), gzipSync(capture.subarray(300, 900))];
    for (const rest of [[], [0, 0, 0], [9, 9], [0, 9]]) {
      for (const size of [1, 2, 3, 7, 50]) {
        const problems: string[] = [];
        const report = ({ text }: { text: string }) => problems.push(text);
        const packed = piecewise(concat([...members, Uint8Array.from(rest)]), size);
        const source = gunzip(packed, report);
        expect(Buffer.compare(await drained(source), capture.subarray(0, 900))).toBe(0);
        expect(problems.length).toBe(rest.includes(9) ? 1 : 0);
      }
    }
  });

  it("that inflates beyond any capture is stopped", async () => {
    const path = file(await zeros(limits.inflatedFreely * 2));
    const problems: string[] = [];
    let bytes = 0;
    for await (const chunk of chunksOf(await opened(path, problems))) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(limits.inflatedFreely - 1);
    expect(bytes).toBeLessThan(limits.inflatedFreely * 1.1);
    expect(problems).toEqual([expect.stringMatching(/times its size/)]);
  });

  it("that inflates much, but less than that limit, is read", async () => {
    const packed = await zeros(limits.inflatedFreely - 1);
    const { bytes, problems } = await contents(file(packed));
    expect(bytes.length).toBe(limits.inflatedFreely - 1);
    expect(problems).toEqual([]);
  });

  it("that inflates to more bytes than are allowed is stopped", async () => {
    const problems: string[] = [];
    const bounds = { ...limits, inflatedBytes: 1_000_000 };
    const report = ({ text }: { text: string }) => problems.push(text);
    const packed = fileSource(file(gzipSync(large)));
    const meter = { consumed: 0 };
    const source = bounded(gunzip(portioned(packed, meter), report), { report, meter, bounds });
    expect((await drained(source)).length).toBeLessThanOrEqual(1_000_000);
    source.close();
    expect(problems).toEqual([expect.stringMatching(/more than 1000000 bytes/)]);
  });

  it("inside gzip is measured by the bytes of the file", async () => {
    const path = file(gzipSync(await zeros(limits.inflatedFreely * 2)));
    const problems: string[] = [];
    for await (const _ of chunksOf(await opened(path, problems)));
    expect(problems).toEqual([expect.stringMatching(/times its size/)]);
  });
});

/** Pieces of `size` bytes, all in one buffer that is overwritten. */
function piecewise(bytes: Uint8Array, size: number): Source {
  const buffer = new Uint8Array(size);
  let at = 0;
  return {
    next: async () => {
      const part = bytes.subarray(at, at + size);
      at += part.length;
      buffer.fill(0xee).set(part);
      return part.length === 0 ? null : buffer.subarray(0, part.length);
    },
    close: () => {},
  };
}

async function drained(source: Source): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let piece = await source.next(); piece !== null; piece = await source.next()) parts.push(piece.slice());
  return concat(parts);
}

async function zeros(length: number): Promise<Uint8Array> {
  const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
  gzip.end(Buffer.alloc(length));
  const parts: Uint8Array[] = [];
  for await (const part of gzip) parts.push(part);
  return concat(parts);
}

describe.skipIf(process.platform === "win32")("a named pipe", () => {
  async function throughPipe(bytes: Uint8Array): Promise<Awaited<ReturnType<typeof contents>>> {
    const path = join(folder, `pipe-${files++}`);
    execFileSync("mkfifo", [path]);
    const writer = spawn("sh", ["-c", 'cat "$1" > "$2"', "sh", file(bytes), path], { stdio: "ignore" });
    const read = await contents(path);
    writer.kill();
    return read;
  }

  it("is read as it comes, its length unknown", async () => {
    const { bytes, problems, compression } = await throughPipe(large);
    expect(Buffer.compare(bytes, large)).toBe(0);
    expect({ problems, compression }).toEqual({ problems: [], compression: null });
  });

  it("may be compressed", async () => {
    const { bytes, problems, compression } = await throughPipe(gzipSync(large));
    expect(Buffer.compare(bytes, large)).toBe(0);
    expect({ problems, compression }).toEqual({ problems: [], compression: "gzip" });
  });
});

describe("a stream", () => {
  it("gives plain arrays, and fails only while it is open", async () => {
    const stream = Readable.from([Buffer.from("abc"), "def"]);
    const source = streamSource(stream);
    const piece = await source.next();
    expect(Object.getPrototypeOf(piece)).toBe(Uint8Array.prototype);
    expect(await source.next()).toEqual(new TextEncoder().encode("def"));
    const waiting = source.next();
    source.close();
    expect(await waiting).toBeNull();
    expect(await source.next()).toBeNull();
  });

  it("that breaks is an error", async () => {
    const source = streamSource(Readable.from(failing()));
    expect(await source.next()).not.toBeNull();
    await expect(source.next()).rejects.toThrow("broken");
  });
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield payload(3);
  throw new Error("broken");
}

const shared = new URL("../../../shared/captures/formats/success/", import.meta.url);
describe.skipIf(!existsSync(shared))("compressed captures at hand", () => {
  it.each(["success.pcap.gz", "success.pcapng.gz"])("%s", async (name) => {
    const { bytes, problems, compression } = await contents(new URL(name, shared).pathname);
    const plain = new URL(name === "success.pcapng.gz" ? "success.pcapng" : "../../lab/success.pcap", shared);
    expect(problems).toEqual([]);
    expect(compression).toBe("gzip");
    const { frames } = readAll(bytes);
    expect(frames.length).toBe(34);
    if (existsSync(plain)) expect(frames).toEqual(readAll(readFileSync(plain)).frames);
  });
});
