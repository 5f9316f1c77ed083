import { describe, expect, test } from "vitest";
import { A, A6, B, B6, type Bytes, be32, ipv4, ipv6, tcp, text, udp } from "./packets.ts";
import { play } from "./recorder.ts";

const router = "10.0.0.254";
const datagram = udp(1111, 88, text("hello"));
const error4 = (type: number, code: number, quoted: Bytes) => ({
  bytes: ipv4({ src: router, dst: A, protocol: 1 }, [type, code, ...be32(0), 0, 0, ...quoted]),
  linkType: 101,
});
const error6 = (type: number, code: number, quoted: Bytes) => ({
  bytes: ipv6({ src: "fe80::1", dst: A6, protocol: 58 }, [type, code, ...be32(0), 0, 0, ...quoted]),
  linkType: 101,
});

describe("ICMP", () => {
  test("port unreachable", () => {
    const { recorder } = play([error4(3, 3, ipv4({}, datagram).slice(0, 28))]);
    expect(recorder.errors).toEqual([
      {
        frame: 1,
        time: { seconds: 1000, nanos: 1 },
        from: router,
        code: 3,
        version: 4,
        transport: "udp",
        src: { address: A, port: 1111 },
        dst: { address: B, port: 88 },
      },
    ]);
  });

  test("administratively prohibited, of a TCP segment", () => {
    const syn = tcp({ sport: 5, dport: 6, seq: 1, flags: "S" });
    expect(play([error4(3, 13, ipv4({ protocol: 6 }, syn))]).recorder.errors).toMatchObject([
      { code: 13, transport: "tcp", src: { port: 5 }, dst: { port: 6 } },
    ]);
  });

  test("no ports in a later fragment, or where the quotation ends early", () => {
    const quotations = [
      ipv4({ offset: 8 }, datagram),
      ipv4({}, datagram).slice(0, 23),
      ipv4({ protocol: 50 }, datagram),
    ];
    for (const quoted of quotations) {
      expect(play([error4(3, 1, quoted)]).recorder.errors).toMatchObject([
        { src: { address: A, port: 0 }, dst: { port: 0 } },
      ]);
    }
  });

  test("echoes and quotations that are no IP say nothing", () => {
    const quoted = ipv4({}, datagram);
    const frames = [
      error4(8, 0, quoted),
      error4(3, 3, quoted.slice(0, 19)),
      error4(3, 3, ipv6({}, datagram)),
      error6(1, 4, quoted),
    ];
    expect(play(frames).recorder.errors).toEqual([]);
  });
});

describe("ICMPv6 in the terms of ICMPv4", () => {
  test.each([
    [1, 0, 0],
    [1, 1, 13],
    [1, 2, 0],
    [1, 3, 1],
    [1, 4, 3],
    [1, 5, 13],
    [1, 6, 13],
    [2, 0, 4],
    [4, 1, 2],
  ])("type %i code %i is %i", (type, code, expected) => {
    const { recorder } = play([error6(type, code, ipv6({}, datagram))]);
    expect(recorder.errors).toMatchObject([
      {
        code: expected,
        version: 6,
        from: "fe80::1",
        transport: "udp",
        src: { address: A6, port: 1111 },
        dst: { address: B6, port: 88 },
      },
    ]);
  });

  test("behind extension headers and fragments", () => {
    const first = ipv6({ protocol: 60 }, [44, 0, 1, 4, 0, 0, 0, 0, 17, 0, 0, 1, 0, 0, 0, 0, ...datagram]);
    const later = ipv6({ protocol: 44 }, [17, 0, 0, 9, 0, 0, 0, 0, ...datagram]);
    expect(play([error6(1, 4, first), error6(1, 4, later)]).recorder.errors).toMatchObject([
      { transport: "udp", dst: { port: 88 } },
      { transport: "other", dst: { port: 0 } },
    ]);
  });

  test("what is no error says nothing", () => {
    const quoted = ipv6({}, datagram);
    const frames = [error6(128, 0, quoted), error6(1, 99, quoted), error6(4, 0, quoted), error6(3, 0, quoted)];
    expect(play(frames).recorder.errors).toEqual([]);
  });
});
