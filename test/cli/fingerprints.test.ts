import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { Fingerprints } from "../../src/cli/fingerprints.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes);
const printOf = (bytes: Uint8Array) => sha256(bytes).digest("hex").slice(0, 16);

/** `digests` counts how often SHA-256 was asked. */
function counting() {
  const counted = { digests: 0 };
  const fingerprints = new Fingerprints((bytes) => {
    counted.digests++;
    return sha256(bytes).digest("binary");
  });
  return { counted, of: (cipher: Uint8Array) => fingerprints.of(cipher) };
}

const cipherOf = (number: number, length = 100) => Uint8Array.from({ length }, (_, at) => number >>> (8 * (at & 3)));

describe("fingerprints of ciphers", () => {
  test("are the first digits of SHA-256, whether the cipher was seen before or not", () => {
    const { of } = counting();
    for (const length of [0, 1, 2, 63, 64, 1_000, limits.sharedTicketBytes, limits.sharedTicketBytes + 1]) {
      for (const number of [0, 1, 0x0100_0000, 0, 0x7f80_ff01]) {
        const cipher = cipherOf(number, length);
        expect(of(cipher)).toBe(printOf(cipher));
        expect(of(cipher.slice())).toBe(printOf(cipher));
      }
    }
  });

  test("cost one digest where the same ticket comes again", () => {
    const { counted, of } = counting();
    for (let times = 0; times < 3; times++) {
      of(cipherOf(1));
      of(cipherOf(2));
    }
    expect(counted.digests).toBe(2);
  });

  test("are others where any one octet is another", () => {
    const { of } = counting();
    const first = cipherOf(7);
    for (let at = 0; at < first.length; at++) {
      of(first);
      const other = first.slice();
      other[at] = 0xff;
      expect(of(other)).toBe(printOf(other));
    }
  });

  test("stay right when the bytes that were looked at are used for something else", () => {
    const { of } = counting();
    const cipher = cipherOf(7);
    const print = of(cipher);
    cipher.fill(7);
    expect(of(cipher)).toBe(printOf(cipher));
    expect(of(cipherOf(7))).toBe(print);
  });

  test("limits sharedTickets and sharedTicketBytes: beyond them each costs a digest, and is as right as before", () => {
    const { counted, of } = counting();
    const many = Array.from({ length: limits.sharedTickets + 1 }, (_, number) => cipherOf(number));
    for (const cipher of [...many, ...many]) expect(of(cipher)).toBe(printOf(cipher));
    // Two of them begin like each other, and take each other's place.
    expect(counted.digests).toBe(many.length + 2);
    const long = cipherOf(3, limits.sharedTicketBytes + 1);
    for (const cipher of [long, long]) expect(of(cipher)).toBe(printOf(cipher));
    expect(counted.digests).toBe(many.length + 4);
  });
});
