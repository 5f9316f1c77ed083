import { describe, expect, test } from "vitest";
import { decodeNtp } from "../../../dissectors/ntp/decode.ts";
import { ntp } from "../../../dissectors/ntp/index.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { ntpBytes } from "./message.ts";

const TO_UNIX = 2_208_988_800;
const seconds = Date.parse("2026-11-20T09:41:38Z") / 1000 + TO_UNIX;

describe("an NTP message", () => {
  test("tells the time of a server", () => {
    const [message] = decodeNtp(ntpBytes({ mode: 4, stratum: 3, seconds, fraction: 0x8000_0000 }));
    expect(message).toEqual({
      protocol: "ntp",
      kind: "response",
      version: 4,
      mode: 4,
      stratum: 3,
      leap: 0,
      transmitted: "2026-11-20T09:41:38.500000Z",
    });
    expect(message && ntp.describe(message)).toBe(
      "NTP: Version 4, server, Stratum: 3, Transmit: 2026-11-20T09:41:38.500000Z",
    );
  });
  test("after February 2036 counts from zero again", () => {
    const later = Date.parse("2040-01-01T00:00:00Z") / 1000 + TO_UNIX - 2 ** 32;
    expect(decodeNtp(ntpBytes({ mode: 4, seconds: later }))[0]?.transmitted).toBe("2040-01-01T00:00:00.000000Z");
  });
  test("that states no time has none", () => {
    expect(decodeNtp(ntpBytes({ mode: 3 }))[0]).toMatchObject({ kind: "request", transmitted: null });
  });
  test("with an authenticator behind it is read the same", () => {
    const plain = ntpBytes({ mode: 4, seconds });
    expect(decodeNtp(Uint8Array.from([...plain, ...new Uint8Array(20)]))).toEqual(decodeNtp(plain));
  });
  test("of control or private use is none of ours", () => {
    expect(decodeNtp(ntpBytes({ mode: 6 }))).toEqual([]);
    expect(decodeNtp(Uint8Array.from([0x17, 0, 3, 0x2a]))).toEqual([]);
  });
  test.each([
    ["cut", ntpBytes({ mode: 4 }).subarray(0, 47)],
    ["of an unknown version", ntpBytes({ mode: 4, version: 7 })],
  ])("%s is malformed", (_, bytes) => expect(() => decodeNtp(bytes)).toThrow(Malformed));
});
