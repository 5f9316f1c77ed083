import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { openNet } from "../../src/net/net.ts";
import { packetFilter } from "../../src/net/packet-filter.ts";
import { ethernet, frameView, ipv4, ipv6, text, udp } from "./packets.ts";
import { Recorder } from "./recorder.ts";

const v4 = (src: string, dst: string, sport: number, dport: number) => ({
  bytes: ethernet(0x0800, ipv4({ src, dst }, udp(sport, dport, text("hello")))),
});
const packets = {
  dns: v4("10.0.0.1", "10.0.0.53", 50_000, 53),
  answer: v4("10.0.0.53", "10.0.0.1", 53, 50_000),
  kdc: v4("10.1.2.3", "192.168.0.1", 50_001, 88),
  six: { bytes: ethernet(0x86dd, ipv6({ src: "2001:db8::1", dst: "fd00::88" }, udp(50_002, 88, text("hello")))) },
};
type Name = keyof typeof packets;

/** The packets that come through. */
function passed(expression: string): Name[] {
  const filter = packetFilter(expression);
  if (typeof filter === "string") throw new Error(filter);
  const names: readonly Name[] = ["dns", "answer", "kdc", "six"];
  return names.filter((name) => {
    const recorder = new Recorder();
    const net = openNet(recorder, 1, () => {}, limits, filter);
    net.frame(frameView(packets[name], 1));
    return recorder.datagrams.length > 0;
  });
}

describe("a filter", () => {
  test.each([
    ["udp", ["dns", "answer", "kdc", "six"]],
    ["tcp or icmp", []],
    ["port 53", ["dns", "answer"]],
    ["dst port 53", ["dns"]],
    ["src port 53", ["answer"]],
    ["host 10.0.0.1", ["dns", "answer"]],
    ["src host 10.0.0.1", ["dns"]],
    ["src 10.0.0.53", ["answer"]],
    ["10.1.2.3", ["kdc"]],
    ["net 10.0.0.0/8 and not port 53", ["kdc"]],
    ["net 10.0.0.0/15", ["dns", "answer", "kdc"]],
    ["net 0.0.0.0/0", ["dns", "answer", "kdc"]],
    ["ip6", ["six"]],
    ["ip and port 88", ["kdc"]],
    ["host 2001:0DB8:0::1", ["six"]],
    ["net fd00::/8", ["six"]],
    ["dst net fd00::/16 or (host 10.0.0.53 && src port 53)", ["answer", "six"]],
    ["!(port 53)", ["kdc", "six"]],
  ])("%s", (expression, names) => expect(passed(expression)).toEqual(names));

  test.each([
    "",
    "host",
    "port x",
    "port 65536",
    "net 10.0.0.0",
    "net 10.0.0.0/33",
    "(udp",
    "udp)",
    "udp udp",
    "host 1.2.3",
  ])("%s is refused with a reason", (expression) => expect(packetFilter(expression)).toBeTypeOf("string"));

  test("of any text is either compiled or refused", () => {
    const words = fc.constantFrom(
      "(",
      ")",
      "not",
      "and",
      "or",
      "host",
      "net",
      "port",
      "::",
      "1.2.3.4/5",
      "53",
      "::1",
      "src",
    );
    fc.assert(fc.property(fc.array(words, { maxLength: 30 }), (list) => void packetFilter(list.join(" "))));
    expect(packetFilter("(".repeat(100_000))).toMatch(/too deep/);
  });
});
