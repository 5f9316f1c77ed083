import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type Program } from "./cli/program.ts";
import { Random } from "./whole/random.ts";
import { evenly, jsonOf, messagesOf, piecewise } from "./whole/run.ts";
import { allSamples } from "./whole/samples.ts";

/** The same bytes give the same report, in whatever pieces they come. */

const long = process.env["KFLOW_LONG"] === "1";
const samples = allSamples();
const smallest = samples.slice(0, 3);
const others = samples.slice(3);
const EVERY_SIZE_UP_TO = 300;

describe.each(smallest)("$name", ({ bytes }) => {
  it("is read the same in pieces of every size", { timeout: 600_000 }, () => {
    const whole = jsonOf(bytes);
    const isAsked = (size: number) => long || size <= EVERY_SIZE_UP_TO || size % 97 === 0 || bytes.length - size < 20;
    for (let size = 1; size <= bytes.length; size++) {
      if (isAsked(size) && jsonOf(bytes, { pieces: evenly(bytes, size) }) !== whole) expect.unreachable(`size ${size}`);
    }
  });
});

describe.skipIf(others.length === 0)("the other samples", () => {
  it("are read the same in irregular pieces", { timeout: 600_000 }, () => {
    const tries = long ? 250 : Math.ceil(500 / others.length);
    const odd: string[] = [];
    for (const { name, bytes } of others) {
      const whole = jsonOf(bytes);
      for (let seed = 1; seed <= tries; seed++) {
        const pieces = irregular(bytes, seed);
        if (jsonOf(bytes, { pieces }) !== whole) odd.push(`${name} seed ${seed}`);
      }
    }
    expect(odd).toEqual([]);
  });

  it("give the same messages in irregular pieces", { timeout: 600_000 }, () => {
    const odd = others.filter(({ bytes }, seed) => {
      return messagesOf(bytes) !== messagesOf(bytes, { pieces: irregular(bytes, seed) });
    });
    expect(odd.map(({ name }) => name)).toEqual([]);
  });
});

/** Tiny, middling and big pieces in one file, and sometimes an empty one. */
function irregular(bytes: Uint8Array, seed: number): Iterable<Uint8Array> {
  const random = new Random(seed);
  const longest = [2, 16, 200, 3_000, bytes.length][seed % 5] ?? 1;
  return piecewise(bytes, () => (random.below(20) === 0 ? 0 : 1 + random.below(longest)));
}

describe.skipIf(smallest.length === 0)("the command with a gzip file from a pipe", () => {
  let program: Program;
  beforeAll(() => {
    program = buildProgram();
  });
  afterAll(() => program.remove());

  it("reads it the same in pieces of any size", { timeout: 600_000 }, async () => {
    const random = new Random(7);
    for (const { name, bytes } of [...smallest, ...others.filter((_, at) => at % (long ? 6 : 40) === 0)]) {
      const packed = Uint8Array.from(gzipSync(bytes));
      const whole = await program.run(["--format", "json", "-"], packed);
      expect(JSON.parse(whole.out).captures[0].compression).toBe("gzip");
      for (const longest of [1, 7, 100, 2_000].slice(packed.length > 2_000 ? 1 : 0)) {
        const child = program.start("--format", "json", "-");
        const result = finishedWith(
          child,
          piecewise(packed, () => 1 + random.below(longest)),
        );
        expect(await result, `${name}, pieces up to ${longest}`).toBe(whole.out);
      }
    }
  });
});

/** Writes piece after piece, each in a turn of its own; answers standard output. */
async function finishedWith(child: ReturnType<Program["start"]>, pieces: Iterable<Uint8Array>): Promise<string> {
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const closed = new Promise((resolve) => child.on("close", resolve));
  for (const piece of pieces) await new Promise((resolve) => child.stdin.write(Uint8Array.from(piece), resolve));
  child.stdin.end();
  await closed;
  return out;
}
