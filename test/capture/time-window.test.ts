import { describe, expect, test } from "vitest";
import { momentOf, TimeWindow } from "../../src/capture/time-window.ts";
import { newFrameView } from "../../src/model/frame.ts";

const at = (iso: string, nanos = 0) => ({ ...newFrameView(), seconds: Date.parse(iso) / 1000, nanos });
const window = (since: string | null, until: string | null) =>
  new TimeWindow(since === null ? null : momentOf(since), until === null ? null : momentOf(until));

describe("a moment", () => {
  test.each([
    ["2026-11-20T09:41:38Z", "2026-11-20T09:41:38Z", 0],
    ["2026-11-20 09:41:38.25", "2026-11-20T09:41:38Z", 250_000_000],
    ["2026-11-20T09:41:38+02:00", "2026-11-20T07:41:38Z", 0],
    ["2026-11-20T09:41-0530", "2026-11-20T15:11:00Z", 0],
    ["2026-11-20", "2026-11-20T00:00:00Z", 0],
  ])("%s is %s", (text, iso, nanos) => {
    expect(momentOf(text)).toEqual({ kind: "at", instant: { seconds: Date.parse(iso) / 1000, nanos } });
  });
  test.each([
    ["+90", 90, 0],
    ["+1.5m", 90, 0],
    ["+0.000000001s", 0, 1],
    ["+2h", 7200, 0],
  ])("%s is so long after the first frame", (text, seconds, nanos) => {
    expect(momentOf(text)).toEqual({ kind: "after", seconds, nanos });
  });
  test.each([
    "",
    "yesterday",
    "2026-13-01",
    "2026-02-30",
    "25:00",
    "9:61",
    "+",
    "+1d",
    "2026-11-20T",
    "1e3",
  ])("%s is none", (text) => expect(momentOf(text)).toBeNull());
});

describe("a window", () => {
  test("holds its first moment and not its last", () => {
    const one = window("2026-11-20T09:41:38.5Z", "2026-11-20T09:41:39Z");
    const seen = [at("2026-11-20T09:41:38Z", 499_999_999), at("2026-11-20T09:41:38Z", 500_000_000)];
    expect(seen.map((view) => one.admits(view))).toEqual([false, true]);
    expect(one.admits(at("2026-11-20T09:41:39Z"))).toBe(false);
  });
  test("counts from the first frame, and a time of day from the day of the first frame", () => {
    const after = window("+1", "+2.5");
    const frames = [0, 1, 2, 3].map((second) => at(`2026-11-20T23:59:5${second}Z`, 400_000_000));
    expect(frames.map((view) => after.admits(view))).toEqual([false, true, true, false]);
    const clock = window("23:59:52", null);
    expect(frames.map((view) => clock.admits(view))).toEqual([false, false, true, true]);
  });
  test("without bounds lets everything pass", () => {
    expect(window(null, null).admits(at("1970-01-01T00:00:00Z"))).toBe(true);
  });
});
