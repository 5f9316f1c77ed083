import { describe, expect, it } from "vitest";
import { isoTime, wholeSecond } from "../../src/model/time.ts";

describe("a moment is written", () => {
  it.each([
    [{ seconds: 0, nanos: 0 }, "1970-01-01T00:00:00.000000000Z"],
    [{ seconds: 1_700_000_000, nanos: 1 }, "2023-11-14T22:13:20.000000001Z"],
    [{ seconds: 1_700_000_000, nanos: 120_034_005 }, "2023-11-14T22:13:20.120034005Z"],
    [{ seconds: -1, nanos: 999_999_999 }, "1969-12-31T23:59:59.999999999Z"],
    [{ seconds: 253_402_300_799, nanos: 10 }, "9999-12-31T23:59:59.000000010Z"],
  ])("%j as %s", (moment, text) => {
    expect(isoTime(moment)).toBe(text);
  });

  it.each([
    [{ seconds: 253_402_300_800, nanos: 10 }, "253402300800.000000010s"],
    [{ seconds: -62_167_219_201, nanos: 0 }, "-62167219201.000000000s"],
  ])("%j, which no calendar of four digits knows, as %s", (moment, text) => {
    expect(isoTime(moment)).toBe(text);
  });

  it("as the language's own calendar writes it", () => {
    for (let at = 0; at < 2_000; at++) {
      const seconds = -62_167_219_200 + Math.floor((at * 315_569_519_999) / 1_999);
      expect(wholeSecond(seconds)).toBe(new Date(seconds * 1000).toISOString().slice(0, 19));
    }
    expect(wholeSecond(253_402_300_799)).toBe("9999-12-31T23:59:59");
  });

  it("a fraction of more than a second, as damaged captures hold it, is shown as it is", () => {
    expect(isoTime({ seconds: 0, nanos: 4_294_967_295_000 })).toBe("1970-01-01T00:00:00.4294967295000Z");
  });
});
