import { describe, expect, it } from "vitest";
import { nodePlatform } from "../../src/cli/platform.ts";

describe("the platform", () => {
  it("fingerprints by the first 16 hex digits of SHA-256", () => {
    // SHA-256 of "abc", FIPS 180-2 appendix B.1.
    expect(nodePlatform.fingerprint(new TextEncoder().encode("abc"))).toBe("ba7816bf8f01cfea");
  });

  it("seeds with 32 bits", () => {
    const seed = nodePlatform.seed();
    expect(seed >>> 0).toBe(seed);
  });
});
