import { describe, expect, it } from "vitest";
import { standardOutput } from "../../src/cli/output.ts";

describe("standard output", () => {
  it("gathers small pieces, clears the line before they leave, and keeps their order", () => {
    const events: string[] = [];
    const output = standardOutput((text) => {
      events.push(text);
      return true;
    });
    output.before(() => events.push("clear"));
    output.write("a");
    output.write("b");
    expect(events).toEqual([]);
    output.flush();
    output.flush();
    expect(events).toEqual(["clear", "ab"]);
    output.write("x".repeat(100_000));
    expect(events).toHaveLength(4);
  });

  it("is closed once its reader is gone, and writes nothing more", () => {
    let calls = 0;
    const output = standardOutput(() => {
      calls++;
      return false;
    });
    output.write("a");
    output.flush();
    expect(output.closed).toBe(true);
    output.write("b");
    output.flush();
    expect(calls).toBe(1);
  });
});
