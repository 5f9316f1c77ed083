import { describe, expect, it } from "vitest";
import { type Alarm, setAlarm } from "../../src/cli/alarm.ts";
import type { Pieces } from "../../src/cli/pieces-for.ts";
import { readAll } from "../../src/cli/reading.ts";

const chunk = new Uint8Array(10);

type Given = Generator<Uint8Array | Promise<Uint8Array>, void>;

function* chunks(count: number): Given {
  for (let at = 0; at < count; at++) yield chunk;
}

function* stalled(): Given {
  yield chunk;
  yield new Promise(() => {});
}

function* broken(): Given {
  yield chunk;
  throw new Error("no more");
}

/** A file has its next piece at hand; for that of a pipe one waits. */
const inputs: Record<string, (given: Given) => Pieces<Uint8Array>> = {
  "that is at hand": (given) => ({ next: () => given.next().value ?? null }),
  "that is waited for": (given) => ({ next: async () => (await given.next().value) ?? null }),
};

async function reading(
  input: Pieces<Uint8Array>,
  more: { milliseconds?: number; maxMemory?: number; wanted?: number } = {},
) {
  const alarm: Alarm = setAlarm(more.milliseconds ?? null);
  let fed = 0;
  const unwanted = () => fed >= (more.wanted ?? Number.POSITIVE_INFINITY);
  const feed = () => {
    fed++;
  };
  const ending = await readAll(input, feed, { alarm, maxMemory: more.maxMemory ?? null, unwanted });
  alarm.dispose();
  return { ending, fed };
}

describe.each(Object.entries(inputs))("a reading of input %s ends", (_, open) => {
  it("with its input", async () => {
    expect(await reading(open(chunks(5)))).toEqual({ ending: "end", fed: 5 });
  });

  it("when the time is up, even if the input never answers", async () => {
    expect(await reading(open(stalled()), { milliseconds: 20 })).toEqual({ ending: "timeout", fed: 1 });
  });

  it("when the time is up, even if the input never pauses", async () => {
    const endless = reading(open(chunks(Number.POSITIVE_INFINITY)), { milliseconds: 20 });
    expect((await endless).ending).toBe("timeout");
  });

  it("at the memory that is allowed", async () => {
    expect(await reading(open(chunks(5)), { maxMemory: 1 })).toEqual({ ending: "memory", fed: 1 });
  });

  it("when nobody wants the result", async () => {
    expect(await reading(open(chunks(5)), { wanted: 2 })).toEqual({ ending: "unwanted", fed: 2 });
  });

  it("with the error of its input", async () => {
    await expect(reading(open(broken()))).rejects.toThrow("no more");
  });
});
