import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kerberos, kpasswd } from "../../../dissectors/kerberos/index.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { messages } from "./messages.ts";

/** Decodes and describes; anything but a message or Malformed fails the test. */
function survives(bytes: Uint8Array): boolean {
  try {
    for (const { message } of kerberos.decode(bytes, () => "f")) {
      expect(kerberos.describe(message)).not.toMatch(/\p{Cc}/u);
    }
    return true;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return false;
  }
}

describe.each(messages)("%s", (_, bytes) => {
  test("no truncation is read", () => {
    for (let end = 0; end < bytes.length; end++) expect(survives(bytes.subarray(0, end))).toBe(false);
  });

  test("flipped bytes are read or Malformed", () => {
    const flip = fc.tuple(fc.nat(Math.min(bytes.length - 1, 400)), fc.nat(255));
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), (flips) => {
        const copy = bytes.slice();
        for (const [at, value] of flips) copy[at] = value;
        survives(copy);
      }),
      { numRuns: 500, seed: 20261120 },
    );
  });
});

test("random bytes, with a Kerberos tag in front or not", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0x6a, 0x6c, 0x6e, 0x7e, 0x76, 0), (bytes, tag) => {
      const copy = bytes.slice();
      if (copy.length > 0 && tag !== 0) copy[0] = tag;
      survives(copy);
      try {
        kpasswd.decode(copy, () => "f");
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
      }
    }),
    { numRuns: 2000 },
  );
});
