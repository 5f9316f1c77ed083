import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { looksLikeKerberos } from "../../../dissectors/kerberos/framing.ts";
import { kerberosFrameLength, kpasswdFrameLength } from "../../../dissectors/kerberos/index.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { join } from "../asn1/build.ts";
import { message, messages } from "./messages.ts";

const prefix = (length: number) => Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length);
const framed = (bytes: Uint8Array) => join(prefix(bytes.length), bytes);

describe("kerberosFrameLength", () => {
  test("is that of message and prefix, wherever it begins", () => {
    const bytes = join(Uint8Array.of(9, 9, 9), framed(message("asRep")));
    expect(kerberosFrameLength(bytes, 3, bytes.length)).toBe(bytes.length - 3);
    expect(kerberosFrameLength(bytes, 3, 8)).toBe(bytes.length - 3);
  });

  test("asks for more while it cannot say", () => {
    const bytes = framed(message("asRep"));
    for (let end = 0; end < 5; end++) expect(kerberosFrameLength(bytes, 0, end)).toBe(null);
  });

  test.each([
    ["the high bit", join(prefix(0x8000_0010), Uint8Array.of(0x6a))],
    ["no length", join(prefix(0), Uint8Array.of(0x6a))],
    ["more than kerberosBytes", join(prefix(limits.kerberosBytes + 1), Uint8Array.of(0x6a))],
    ["another first octet", join(prefix(100), Uint8Array.of(0x30))],
  ])("%s is refused", (_, bytes) => {
    expect(() => kerberosFrameLength(bytes, 0, bytes.length)).toThrow(Malformed);
  });

  test("kerberosBytes itself is allowed", () => {
    const bytes = join(prefix(limits.kerberosBytes), Uint8Array.of(0x6a));
    expect(kerberosFrameLength(bytes, 0, bytes.length)).toBe(limits.kerberosBytes + 4);
  });
});

test("kpasswdFrameLength wants the inner length to agree", () => {
  const bytes = join(prefix(300), Uint8Array.of(1, 44, 0, 1));
  expect(kpasswdFrameLength(bytes, 0, bytes.length)).toBe(304);
  expect(kpasswdFrameLength(bytes, 0, 5)).toBe(null);
  expect(() => kpasswdFrameLength(join(prefix(300), Uint8Array.of(1, 45)), 0, 6)).toThrow(Malformed);
});

describe("looksRight", () => {
  test.each(messages)("knows a framed %s by its first 24 bytes", (_, bytes) => {
    const all = framed(bytes);
    expect(looksLikeKerberos(all, 0, all.length)).toBe(true);
    expect(looksLikeKerberos(all, 0, 24)).toBe(true);
  });

  test("takes no random bytes and no cut datagram for Kerberos", () => {
    const noise = randomBytes(1 << 20);
    let taken = 0;
    for (let at = 0; at + 64 < noise.length; at++) if (looksLikeKerberos(noise, at, at + 64)) taken++;
    expect(taken).toBe(0);
    for (const [, bytes] of messages) expect(looksLikeKerberos(bytes, 0, bytes.length - 1)).toBe(false);
  });
});
