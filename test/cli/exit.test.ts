import { describe, expect, it } from "vitest";
import { exitCodeOf } from "../../src/cli/exit.ts";
import type { OverallVerdict } from "../../src/model/report.ts";

describe("the exit code", () => {
  it.each<[OverallVerdict, boolean, number]>([
    ["ok", false, 0],
    ["diverged", false, 1],
    ["incomplete", false, 3],
    ["none", false, 3],
    ["none", true, 2],
  ])("%s, unreadable %s: %i", (verdict, unreadable, code) => {
    expect(exitCodeOf(verdict, unreadable)).toBe(code);
  });
});
