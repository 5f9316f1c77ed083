import { expect, test } from "vitest";
import { Conversation } from "./conversation.ts";
import { A, A6, B, B6, ethernet, ipv4, ipv6, text, udp } from "./packets.ts";
import { play } from "./recorder.ts";

const hello = udp(1, 2, text("x"));
const datagram = (src: string, dst: string) => ({ bytes: ethernet(0x0800, ipv4({ src, dst }, hello)) });

test("a host with one peer, and one with several", () => {
  const { net } = play([datagram(A, B), datagram(B, A), datagram(B, "10.0.0.3")]);
  expect(net.talkedOnlyTo(A, B)).toBe(true);
  expect(net.talkedOnlyTo(A, "10.0.0.3")).toBe(false);
  expect(net.talkedOnlyTo(B, A)).toBe(false);
  expect(net.talkedOnlyTo("10.0.0.3", B)).toBe(true);
});

test("nothing is known of those who were not seen", () => {
  const { net } = play([datagram(A, B)]);
  expect(net.talkedOnlyTo("10.9.9.9", B)).toBe(false);
  expect(net.talkedOnlyTo(A6, B6)).toBe(false);
  expect(net.talkedOnlyTo(A, B6)).toBe(false);
});

test("TCP, fragments and IPv6 count", () => {
  const stranger = new Conversation({ client: A, server: "10.0.0.7" });
  expect(play([datagram(A, B), stranger.client("A", 0, 0)]).net.talkedOnlyTo(A, B)).toBe(false);
  const fragment = { bytes: ethernet(0x0800, ipv4({ src: A, dst: "10.0.0.8", offset: 8 }, hello)) };
  expect(play([datagram(A, B), fragment]).net.talkedOnlyTo(A, B)).toBe(false);
  expect(play([{ bytes: ethernet(0x86dd, ipv6({}, hello)) }]).net.talkedOnlyTo(A6, B6)).toBe(true);
});

test("broadcasts and multicasts do not", () => {
  const aside = [
    datagram(A, "255.255.255.255"),
    datagram(A, "239.1.2.3"),
    { bytes: ethernet(0x0800, ipv4({ src: A, dst: "10.0.0.255" }, hello), [255, 255, 255, 255, 255, 255]) },
    datagram("0.0.0.0", A),
  ];
  expect(play([datagram(A, B), ...aside]).net.talkedOnlyTo(A, B)).toBe(true);
  const six = [ipv6({}, hello), ipv6({ dst: "ff02::1" }, hello)].map((bytes) => ({ bytes, linkType: 101 }));
  expect(play(six).net.talkedOnlyTo(A6, B6)).toBe(true);
});

test("encrypted packets do not: what they would have shown is unknown", () => {
  const sealed = [{}, { offset: 8 }].map((part) => ({
    bytes: ethernet(0x0800, ipv4({ ...part, src: A, dst: "10.0.0.9", protocol: 50 }, new Array<number>(64).fill(7))),
  }));
  expect(play([datagram(A, B), ...sealed]).net.talkedOnlyTo(A, B)).toBe(true);
});

test("thousands of hosts, and more than can be remembered", () => {
  const frames = Array.from({ length: 2000 }, (_, i) => datagram(`10.1.${i >> 8}.${i & 255}`, B));
  const { net } = play(frames);
  for (let i = 0; i < 2000; i += 1) expect(net.talkedOnlyTo(`10.1.${i >> 8}.${i & 255}`, B)).toBe(true);
  const small = play(frames, { bounds: { hosts: 5 } });
  expect(small.net.talkedOnlyTo("10.1.0.0", B)).toBe(true);
  expect(small.net.talkedOnlyTo("10.1.0.9", B)).toBe(false);
  expect(small.recorder.problems).toHaveLength(1);
});
