import { describe, expect, it } from "vitest";
import { type Alarm, setAlarm } from "../../src/cli/alarm.ts";
import { readAll } from "../../src/cli/reading.ts";

const chunk = new Uint8Array(10);

async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at++) yield chunk;
}

async function* stalled(): AsyncGenerator<Uint8Array> {
  yield chunk;
  await new Promise(() => {});
}

async function reading(
  input: AsyncIterable<Uint8Array>,
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

describe("a reading ends", () => {
  it("with its input", async () => {
    expect(await reading(chunks(5))).toEqual({ ending: "end", fed: 5 });
  });

  it("when the time is up, even if the input never answers", async () => {
    expect(await reading(stalled(), { milliseconds: 20 })).toEqual({ ending: "timeout", fed: 1 });
  });

  it("when the time is up, even if the input never pauses", async () => {
    const endless = reading(chunks(Number.POSITIVE_INFINITY), { milliseconds: 20 });
    expect((await endless).ending).toBe("timeout");
  });

  it("at the memory that is allowed", async () => {
    expect(await reading(chunks(5), { maxMemory: 1 })).toEqual({ ending: "memory", fed: 1 });
  });

  it("when nobody wants the result", async () => {
    expect(await reading(chunks(5), { wanted: 2 })).toEqual({ ending: "unwanted", fed: 2 });
  });

  it("with the error of its input", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield chunk;
      throw new Error("no more");
    }
    await expect(reading(broken())).rejects.toThrow("no more");
  });
});
