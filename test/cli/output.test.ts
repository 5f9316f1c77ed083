import { describe, expect, it } from "vitest";
import { standardOutput } from "../../src/cli/output.ts";
import { stringOf } from "../../src/report/page.ts";

describe("standard output", () => {
  it("gathers small pieces, clears the line before they leave, and keeps their order", () => {
    const events: string[] = [];
    const output = standardOutput((text) => {
      events.push(stringOf(text));
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

  it("takes bytes as well, which the caller may overwrite, between strings and longer than what is gathered", () => {
    let written = "";
    const output = standardOutput((text) => {
      written += stringOf(text);
      return true;
    });
    const piece = new TextEncoder().encode("b");
    output.write("a");
    output.write(piece);
    piece.fill(0x63);
    output.write(piece);
    output.write("d");
    output.write(new Uint8Array(100_000).fill(0x65));
    output.write("f");
    output.flush();
    expect(written).toBe(`abcd${"e".repeat(100_000)}f`);
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
