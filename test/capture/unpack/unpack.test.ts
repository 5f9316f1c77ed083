import { describe, expect, it } from "vitest";
import { bzip2 } from "../../../src/capture/unpack/bzip2/streams.ts";
import { lz4 } from "../../../src/capture/unpack/lz4/frames.ts";
import type { Method } from "../../../src/capture/unpack/unpacker.ts";
import { xz } from "../../../src/capture/unpack/xz/streams.ts";
import { zstd } from "../../../src/capture/unpack/zstd/frames.ts";
import { concat, payload, pcap, somePackets } from "../build.ts";
import * as fixtures from "./fixtures.ts";
import { unpacked } from "./read.ts";
import { compressors, isInstalled, through } from "./tools.ts";

const { text } = fixtures;
const variants = process.env["KFLOW_LONG"] === "1" ? 10_000 : 250;
const HOUR = 3_600_000;

/** What every decompressor does alike. */
const cases: readonly { readonly method: Method; readonly samples: readonly Uint8Array[] }[] = [
  { method: zstd, samples: [fixtures.zstd, fixtures.zstdFast] },
  { method: lz4, samples: [fixtures.lz4, fixtures.lz4Legacy] },
  { method: bzip2, samples: [fixtures.bzip2] },
  { method: xz, samples: [fixtures.xz, fixtures.xzCrc32] },
];

function expectSame(bytes: Uint8Array, wanted: Uint8Array): void {
  expect(bytes.length).toBe(wanted.length);
  expect(Buffer.compare(bytes, wanted)).toBe(0);
}

/** A reproducible number below `limit`. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % limit;
  };
}

describe.each(cases)("$method.name", ({ method, samples }) => {
  it("gives what went into the tool, however it arrives", () => {
    for (const packed of samples) {
      for (const size of [1, 2, 3, 7, 64, 100_000]) {
        const { bytes, problems, done } = unpacked(method, packed, size);
        expect(problems).toEqual([]);
        expect(done).toBe(true);
        expectSame(bytes, text);
      }
    }
  });

  it("goes on with the next one, past padding", () => {
    const packed = concat([...samples, new Uint8Array(40), ...samples, new Uint8Array(1000)]);
    for (const size of [1, 64, 100_000]) {
      const { bytes, problems } = unpacked(method, packed, size);
      expect(problems).toEqual([]);
      expectSame(bytes, concat([...samples, ...samples].map(() => text)));
    }
  });

  it("tells garbage behind its end", () => {
    for (const garbage of [[7], [0, 0, 9], [1, 2, 3, 4, 5, 6, 7, 8]]) {
      const { bytes, problems } = unpacked(method, concat([samples[0] ?? payload(0), Uint8Array.from(garbage)]), 5);
      expect(problems).toEqual([expect.stringMatching(new RegExp(`no ${method.name} data follow`))]);
      expectSame(bytes, text);
    }
  });

  it("cut anywhere gives the beginning and one problem", () => {
    for (const packed of samples) {
      for (let cut = 6; cut < packed.length; cut++) {
        const { bytes, problems } = unpacked(method, packed.subarray(0, cut), 50);
        expectSame(bytes, text.subarray(0, bytes.length));
        // Where a block of a legacy lz4 frame ends, the frame may end too.
        if (bytes.length < text.length || packed !== fixtures.lz4Legacy) {
          expect(problems).toEqual([expect.stringMatching(/cut short/)]);
        }
      }
    }
  });

  it("damaged anywhere never throws, hangs or depends on the pieces it comes in", { timeout: HOUR }, () => {
    const next = generator(7);
    for (const packed of samples) {
      for (let round = 0; round < variants; round++) {
        const bad = packed.slice();
        for (let left = 1 + next(3); left > 0; left--) bad[next(bad.length)] = next(256);
        const whole = unpacked(method, bad);
        expect(unpacked(method, bad, 1 + next(60))).toEqual(whole);
        expect(whole.bytes.length).toBeLessThan(20 * 1024 * 1024);
        if (Buffer.compare(whole.bytes, text) !== 0 && whole.bytes.length > 0 && hasChecksum(packed)) {
          expect(whole.problems.length).toBeGreaterThan(0);
        }
      }
    }
  });

  it("of nothing but noise never throws", () => {
    const next = generator(11);
    for (let round = 0; round < 300; round++) {
      const head = (samples[round % samples.length] ?? payload(0)).subarray(0, 4 + next(12));
      const noise = Uint8Array.from({ length: next(400) }, () => next(256));
      const bad = concat([head, noise]);
      expect(unpacked(method, bad, 13)).toEqual(unpacked(method, bad));
    }
  });

  it.skipIf(!isInstalled(method.name))("gives what the installed tool was given", { timeout: 120_000 }, () => {
    const contents = [payload(0), payload(1), new Uint8Array(300_000), noise(300_000), mixed(700_000)];
    contents.push(pcap(somePackets(200, 400)));
    const commands = Object.entries(compressors).find(([name]) => name === method.name)?.[1] ?? [];
    for (const command of commands) {
      for (const content of contents) {
        const { bytes, problems } = unpacked(method, through(command, content), 10_007);
        expect({ command, problems }).toEqual({ command, problems: [] });
        expectSame(bytes, content);
      }
    }
  });
});

function hasChecksum(packed: Uint8Array): boolean {
  return packed !== fixtures.zstdFast && packed !== fixtures.lz4Legacy;
}

function noise(length: number): Uint8Array {
  const next = generator(3);
  return Uint8Array.from({ length }, () => next(256));
}

/** Runs, far repetitions and noise in turn. */
function mixed(length: number): Uint8Array {
  const next = generator(5);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const run = Math.min(length - at, 1 + next(2_000));
    const from = next(at + 1);
    const kind = next(3);
    if (kind === 0) bytes.fill(next(256), at, at + run);
    else if (kind === 1) for (let done = 0; done < run; done++) bytes[at + done] = next(256);
    else for (let done = 0; done < run; done++) bytes[at + done] = bytes[from + done] ?? 0;
    at += run;
  }
  return bytes;
}
