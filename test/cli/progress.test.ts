import { describe, expect, it } from "vitest";
import { progress } from "../../src/cli/progress.ts";

describe("progress", () => {
  it("keeps silent for a second, then says how far it is, and erases itself", () => {
    let time = 0;
    const written: string[] = [];
    const line = progress(
      (text) => written.push(text),
      () => time,
    );
    time = 900;
    line.show(90_000_000, 200_000_000);
    line.clear();
    expect(written).toEqual([]);
    time = 1_000;
    line.show(100_000_000, 200_000_000);
    time = 1_100;
    line.show(110_000_000, 200_000_000);
    time = 1_250;
    line.show(5_000_000, null);
    line.clear();
    line.clear();
    expect(written).toEqual([
      "\r\u001b[K100 MB of 200 MB read, 100 MB/s, 1 s left",
      "\r\u001b[K5.0 MB read, 4.0 MB/s",
      "\r\u001b[K",
    ]);
  });
});
