import { describe, expect, test } from "vitest";
import { A6, B6, type Bytes, type Captured, ethernet, fragment6, ipv4, ipv6, tcp, text, udp } from "./packets.ts";
import { play, Recorder } from "./recorder.ts";

const raw = (bytes: Bytes, more: Partial<Captured> = {}): Captured => ({ bytes, linkType: 101, ...more });
const hello = udp(1111, 53, text("hello"));

describe("IPv4", () => {
  test.each<readonly [name: string, bytes: Bytes, missing: number]>([
    ["options", [0x46, ...ipv4({ totalLength: 24 + hello.length }, []).slice(1), 1, 1, 1, 1, ...hello], 0],
    ["total length 0, written before segmentation", ipv4({ totalLength: 0 }, hello), 0],
    ["padding", [...ipv4({}, hello), 9, 9, 9, 9], 0],
    ["authentication header", ipv4({ protocol: 51 }, [17, 1, 0, 0, ...new Array<number>(8).fill(0), ...hello]), 0],
    ["UDP length 0", ipv4({}, udp(1111, 53, text("hello"), 0)), 0],
    ["a total length beyond the frame", ipv4({ totalLength: 99 }, hello), 0],
    ["UDP shorter than IP", ipv4({}, [...hello, 9, 9]), 0],
    ["UDP longer than IP", ipv4({}, udp(1111, 53, text("hello"), 20)), 7],
  ])("%s", (_name, bytes, missing) => {
    expect(play([raw(bytes)]).recorder.datagrams).toMatchObject([
      { src: "10.0.0.1", dst: "10.0.0.2", sport: 1111, dport: 53, text: "hello", missing },
    ]);
  });

  test("cut by a snap length", () => {
    const bytes = ipv4({}, hello);
    const cut = raw(bytes.slice(0, -2), { wireLength: bytes.length });
    expect(play([cut]).recorder.datagrams).toMatchObject([{ text: "hel", missing: 2 }]);
    const noLength = raw(ipv4({ totalLength: 0 }, udp(1111, 53, text("hello"), 0)).slice(0, -2), {
      wireLength: bytes.length,
    });
    expect(play([noLength]).recorder.datagrams).toMatchObject([{ text: "hel", missing: 2 }]);
  });

  test.each<readonly [name: string, bytes: Bytes]>([
    ["another version", [0x55, ...ipv4({}, hello).slice(1)]],
    ["a header length below 20", [0x44, ...ipv4({}, hello).slice(1)]],
    ["a total length below the header's", ipv4({ totalLength: 19 }, hello)],
    ["a UDP length below 8", ipv4({}, udp(1, 2, [], 7))],
  ])("nonsense: %s", (_name, bytes) => {
    const { recorder } = play([{ bytes: ethernet(0x0800, bytes) }]);
    expect(recorder.datagrams).toEqual([]);
  });

  test("nobody asked: nothing is made", () => {
    const recorder = new Recorder();
    recorder.wants = false;
    play([raw(ipv4({}, hello))], { recorder });
    expect(recorder.datagrams).toEqual([]);
  });
});

describe("IPv6", () => {
  const options = (next: number): Bytes => [next, 0, 1, 4, 0, 0, 0, 0];
  test.each<readonly [name: string, bytes: Bytes]>([
    ["plain", ipv6({}, hello)],
    ["length 0", ipv6({ totalLength: 0 }, hello)],
    [
      "hop-by-hop, destination options, routing",
      ipv6({ protocol: 0 }, [...options(60), ...options(43), ...options(17), ...hello]),
    ],
    ["authentication header", ipv6({ protocol: 51 }, [17, 1, 0, 0, ...new Array<number>(8).fill(0), ...hello])],
    ["an atomic fragment", fragment6({}, 17, hello)],
  ])("%s", (_name, bytes) => {
    expect(play([raw(bytes)]).recorder.datagrams).toMatchObject([{ src: A6, dst: B6, text: "hello", missing: 0 }]);
  });

  test("more extension headers than the limit, or longer than the packet", () => {
    const long = Array.from({ length: 20 }, () => options(60)).flat();
    const frames = [ipv6({ protocol: 60 }, [...long, ...hello]), ipv6({ protocol: 60 }, [17, 255, 0, 0])];
    const { recorder } = play(frames.map((bytes) => raw(bytes)));
    expect(recorder.datagrams).toEqual([]);
    expect(recorder.problems).toMatchObject([
      { text: expect.stringMatching(/^More than 16 .*extension headers/), frame: 1 },
    ]);
  });

  test.each([
    ["fd00::1", "fd00::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["::1", "::1"],
    ["::", "::"],
    ["1::", "1::"],
    ["0:0:0:0:0:ffff:a00:1", "::ffff:10.0.0.1"],
    ["0:0:0:0:0:0:a00:1", "::10.0.0.1"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
    ["0:2:3:4:5:6:0:0", "0:2:3:4:5:6::"],
  ])("the text of %s", (written, spelled) => {
    expect(play([raw(ipv6({ src: written }, hello))]).recorder.datagrams[0]?.src).toBe(spelled);
  });

  test("more addresses than can be remembered: datagrams are read, TCP is not followed", () => {
    const hosts = Array.from({ length: 600 }, (_, i) => `fd00::${(i + 1).toString(16)}`);
    const datagrams = hosts.map((src) => raw(ipv6({ src, dst: "fd00::1:1" }, hello)));
    const segment = tcp({ sport: 1, dport: 2, seq: 0, flags: "PA" }, text("x"));
    const followed = raw(ipv6({ src: "fd00::1", dst: "fd00::2", protocol: 6 }, segment));
    const stranger = raw(ipv6({ src: "fd00::1", dst: "fd00::258", protocol: 6 }, segment));
    const { recorder, net } = play([...datagrams, followed, stranger], { bounds: { ipv6Addresses: 500 } });
    expect(recorder.datagrams.map((one) => one.src)).toEqual(hosts);
    expect(new Set(recorder.datagrams.map((one) => one.dst))).toEqual(new Set(["fd00::1:1"]));
    expect(recorder.connections).toHaveLength(1);
    expect(recorder.problems).toHaveLength(1);
    expect(net.talkedOnlyTo("fd00::258", "fd00::1:1")).toBe(false);
  });
});

describe("IP in IP", () => {
  test.each<readonly [name: string, bytes: Bytes, src: string]>([
    ["4 in 4", ipv4({ protocol: 4, src: "1.1.1.1" }, ipv4({}, hello)), "10.0.0.1"],
    ["6 in 4", ipv4({ protocol: 41, src: "1.1.1.1" }, ipv6({}, hello)), A6],
    ["4 in 6", ipv6({ protocol: 4, src: "9::9" }, ipv4({}, hello)), "10.0.0.1"],
    ["6 in 6", ipv6({ protocol: 41, src: "9::9" }, ipv6({}, hello)), A6],
  ])("%s", (_name, bytes, src) => {
    expect(play([raw(bytes)]).recorder.datagrams).toMatchObject([{ src, text: "hello", missing: 0 }]);
  });

  test("more tunnels than the limit", () => {
    const nested = (depth: number): Bytes => (depth === 0 ? ipv4({}, hello) : ipv4({ protocol: 4 }, nested(depth - 1)));
    expect(play([raw(nested(15))]).recorder.datagrams).toHaveLength(1);
    expect(play([raw(nested(16))]).recorder.datagrams).toEqual([]);
  });
});
