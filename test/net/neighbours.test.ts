import { describe, expect, test } from "vitest";
import { address4, address6, type Bytes, type Captured, ethernet, ipv6 } from "./packets.ts";
import { play } from "./recorder.ts";

const mac: Bytes = [2, 0, 0, 0, 0, 1];
const everybody: Bytes = [255, 255, 255, 255, 255, 255];

function arp(operation: number, sender: string, target: string, seconds = 1000): Captured {
  const body = [0, 1, 8, 0, 6, 4, 0, operation, ...mac, ...address4(sender), ...mac, ...address4(target)];
  return { bytes: ethernet(0x0806, body, everybody), seconds };
}

function neighbour(type: number, src: string, target: string, seconds = 1000): Captured {
  const body = [type, 0, 0, 0, 0, 0, 0, 0, ...address6(target)];
  return { bytes: ethernet(0x86dd, ipv6({ src, dst: "ff02::1", protocol: 58 }, body)), seconds };
}

describe("ARP", () => {
  const ask = (seconds?: number) => arp(1, "10.0.0.1", "10.0.0.9", seconds);

  test("no answer until the end", () => {
    expect(play([ask(), ask(1001)]).recorder.silences).toEqual([
      {
        asker: "10.0.0.1",
        target: "10.0.0.9",
        frames: [1, 2],
        firstTime: { seconds: 1000, nanos: 1 },
        lastTime: { seconds: 1001, nanos: 2 },
      },
    ]);
  });

  test("a question captured twice was asked once", () => {
    const frames = [ask(), { ...ask(), nanos: 900_000 }, ask(1001), ask(1001)];
    expect(play(frames).recorder.silences).toMatchObject([{ frames: [1, 3] }]);
  });

  test("no answer for five seconds", () => {
    expect(play([ask(), arp(2, "1.1.1.1", "2.2.2.2", 1005)], { open: true }).recorder.silences).toEqual([]);
    expect(play([ask(), arp(2, "1.1.1.1", "2.2.2.2", 1006)], { open: true }).recorder.silences).toHaveLength(1);
  });

  test.each([
    ["a reply", arp(2, "10.0.0.9", "10.0.0.1")],
    ["a question of the target", arp(1, "10.0.0.9", "10.0.0.77")],
  ])("answered by %s", (_name, answer) => {
    const { recorder } = play([ask(), arp(1, "10.0.0.2", "10.0.0.9"), answer]);
    expect(recorder.silences.filter((one) => one.target === "10.0.0.9")).toEqual([]);
  });

  test("probes and announcements ask for nobody", () => {
    expect(play([arp(1, "0.0.0.0", "10.0.0.9"), arp(1, "10.0.0.9", "10.0.0.9")]).recorder.silences).toEqual([]);
  });

  test("cut or strange ARP", () => {
    const frame = ask();
    const frames = [
      { bytes: frame.bytes.slice(0, -1) },
      { bytes: frame.bytes.map((byte, at) => (at === 18 ? 8 : byte)) },
    ];
    expect(play(frames).recorder.silences).toEqual([]);
  });

  test("limits: targets, frames of one target", () => {
    const scan = Array.from({ length: 10 }, (_, i) => arp(1, "10.0.0.1", `10.0.1.${i}`));
    const { recorder } = play(scan, { bounds: { neighbours: 4 } });
    expect(recorder.silences.map((one) => one.target)).toEqual(["10.0.1.6", "10.0.1.7", "10.0.1.8", "10.0.1.9"]);
    expect(recorder.problems).toHaveLength(1);
    const again = play(Array.from({ length: 100 }, (_, i) => ({ ...ask(), nanos: i * 10_000_000 }))).recorder;
    expect(again.silences[0]?.frames).toHaveLength(64);
  });
});

describe("neighbour discovery", () => {
  const ask = neighbour(135, "fe80::1", "fe80::9");

  test("no answer", () => {
    expect(play([ask]).recorder.silences).toMatchObject([{ asker: "fe80::1", target: "fe80::9", frames: [1] }]);
  });

  test("an advertisement answers, and so does a solicitation of the target", () => {
    expect(play([ask, neighbour(136, "fe80::8", "fe80::9")]).recorder.silences).toEqual([]);
    const targets = play([ask, neighbour(135, "fe80::9", "fe80::7")]).recorder.silences.map((one) => one.target);
    expect(targets).toEqual(["fe80::7"]);
  });

  test("duplicate address detection asks for nobody", () => {
    expect(play([neighbour(135, "::", "fe80::9")]).recorder.silences).toEqual([]);
  });
});
