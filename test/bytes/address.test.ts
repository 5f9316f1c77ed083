import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ipv4At, ipv4Bits, ipv6At } from "../../src/bytes/address.ts";

const six = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

describe("addresses as text", () => {
  it("of IPv4, wherever they stand", () => {
    expect(ipv4At(Uint8Array.of(9, 10, 0, 255, 1), 1)).toBe("10.0.255.1");
  });

  it.each([
    ["20010db8000000000000000000000001", "2001:db8::1"],
    ["fe800000000000000000000000000000", "fe80::"],
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000ffff0a000001", "::ffff:10.0.0.1"],
    ["20010000000100000000000100000001", "2001:0:1::1:0:1"],
    ["20010db8000100010001000100010000", "2001:db8:1:1:1:1:1:0"],
  ])("of IPv6 %s", (hex, text) => {
    expect(ipv6At(six(`ff${hex}`), 1)).toBe(text);
  });
});

it("the bits of an IPv4 address are read from its usual spelling and no other", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
      const bits = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0);
      expect(ipv4Bits(ipv4At(bytes, 0))).toBe(bits);
    }),
  );
  const others = ["", "1", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.00"];
  for (const text of [...others, "1.2.3.4 ", "-1.2.3.4", "::1.2.3.4", "99999999999.1.1.1"])
    expect(ipv4Bits(text)).toBeNull();
});
