import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolutionOf, setTime } from "../../src/capture/pcapng-time.ts";

function timeOf(count: bigint, octet: number, offset = 0): { seconds: number; nanos: number } {
  const moment = { seconds: 0, nanos: 0 };
  setTime(moment, Number(count >> 32n), Number(count & 0xffffffffn), resolutionOf(octet, offset));
  return moment;
}

describe("pcapng time stamps", () => {
  it.each([
    [1_700_000_000n, 0, 1_700_000_000, 0],
    [1_700_000_000_999_999n, 6, 1_700_000_000, 999_999_000],
    [1_700_000_000_999_999_999n, 9, 1_700_000_000, 999_999_999],
    [1_700_000_000_999_999_999_999n / 1000n, 9, 1_700_000_000, 999_999_999],
    [15_000_000_000_000_000_123n, 10, 1_500_000_000, 12],
    [3n << 20n, 0x80 | 20, 3, 0],
    [(5n << 20n) + (1n << 19n), 0x80 | 20, 5, 500_000_000],
    [(1n << 63n) + 1n, 0x80 | 32, 2 ** 31, 0],
    [0xffffffffffffffffn, 9, 18_446_744_073, 709_551_615],
    [0xffffffffffffffffn, 6, 18_446_744_073_709, 551_615_000],
    [0xffffffffffffffffn, 0x7f, 0, 0],
    [0xffffffffffffffffn, 0xff, 0, 0],
  ])("%i in units of octet %i", (count, octet, seconds, nanos) => {
    expect(timeOf(count, octet)).toEqual({ seconds, nanos });
  });

  it("if_tsoffset is added", () => {
    expect(timeOf(5_000_001n, 6, -7)).toEqual({ seconds: -2, nanos: 1_000 });
  });

  it("are exact for every count and every resolution", () => {
    const octets = fc.oneof(
      fc.constantFrom(6, 9),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0x8b, max: 0xc0 }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), octets, (count, octet) => {
        const units = BigInt((octet & 0x80) === 0 ? 10 : 2) ** BigInt(octet & 0x7f);
        const { seconds, nanos } = timeOf(count, octet);
        fc.pre(count / units < 2n ** 53n);
        expect([BigInt(seconds), BigInt(nanos)]).toEqual([count / units, ((count % units) * 1_000_000_000n) / units]);
      }),
      { numRuns: 2000 },
    );
  });
});
