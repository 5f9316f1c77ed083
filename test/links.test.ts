import { describe, expect, test } from "vitest";
import { type Packet, pcap } from "./capture/build.ts";
import { le16, le32, pktap, ppi, radiotap, subframe, wlan } from "./net/link-rows.ts";
import { type Bytes, be16, be32, ethernet, udp } from "./net/packets.ts";
import { geneve, gre, over4, over6, overUdp, vxlan } from "./net/tunnel-rows.ts";
import { jsonOf } from "./whole/run.ts";
import { allSamples, type Sample } from "./whole/samples.ts";

/** The same story over every link and through every tunnel gives the same report. */

const ETHERNET = 1;
const RAW = 101;

interface Link {
  readonly linkType: number;
  /** From a frame of Ethernet; `null` where only IP can be carried and the frame holds none. */
  wrap(frame: Bytes): Bytes | null;
}

const typeOf = (frame: Bytes) => ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
const inside = (frame: Bytes) => frame.slice(14);
const stationsOf = (frame: Bytes) => [frame.slice(0, 6), frame.slice(6, 12)] as const;
const isGroup = (frame: Bytes) => ((frame[0] ?? 0) & 1) !== 0;
const snapped = (frame: Bytes): Bytes => [0xaa, 0xaa, 3, 0, 0, 0, ...frame.slice(12)];
const isIp = (frame: Bytes) => typeOf(frame) === 0x0800 || typeOf(frame) === 0x86dd;
const isSix = (frame: Bytes) => typeOf(frame) === 0x86dd;

const of = (linkType: number, wrap: (frame: Bytes) => Bytes): Link => ({ linkType, wrap });
const ofIp = (linkType: number, wrap: (frame: Bytes) => Bytes): Link => ({
  linkType,
  wrap: (frame) => (isIp(frame) ? wrap(frame) : null),
});
/** The addresses of a frame, and what stands between them and its EtherType. */
const tagged = (tags: (type: Bytes) => Bytes) =>
  of(ETHERNET, (frame) => [...frame.slice(0, 12), ...tags(frame.slice(12, 14)), ...inside(frame)]);
const air = (frame: Bytes, body: Bytes, more: { flags?: number; qos?: number } = {}) => {
  const header = wlan({ subtype: more.qos === undefined ? 0 : 8, flags: more.flags ?? 0 }, []);
  const [to, from] = stationsOf(frame);
  const qos = more.qos === undefined ? [] : [more.qos, 0];
  return [...header.slice(0, 4), ...to, ...from, ...header.slice(16, 24), ...qos, ...body];
};

const links: { readonly [name: string]: Link } = {
  VLAN: tagged((type) => [0x81, 0, 0, 7, ...type]),
  QinQ: tagged((type) => [0x88, 0xa8, 0, 9, 0x81, 0, 0, 7, ...type]),
  FabricPath: of(ETHERNET, (frame) => [...frame.slice(0, 12), 0x89, 3, 0, 1, ...frame]),
  "provider backbone": of(ETHERNET, (frame) => [...frame.slice(0, 12), 0x88, 0xe7, 0, 0, 0, 1, ...frame]),
  "802.3": of(ETHERNET, (frame) => [...frame.slice(0, 12), 0, 0, ...snapped(frame)]),
  PPPoE: ofIp(ETHERNET, (frame) => {
    const payload = inside(frame);
    const head = [0x11, 0, 0, 1, ...be16(payload.length + 2), 0, isSix(frame) ? 0x57 : 0x21];
    return [...frame.slice(0, 12), 0x88, 0x64, ...head, ...payload];
  }),
  "MPLS pseudo-wire": of(ETHERNET, (frame) => ethernet(0x8847, [0, 0, 0x31, 64, 0, 0, 0, 0, ...frame])),
  RAW: ofIp(RAW, inside),
  NULL: ofIp(0, (frame) => [...le32(isSix(frame) ? 24 : 2), ...inside(frame)]),
  PPP: ofIp(9, (frame) => [0xff, 3, 0, isSix(frame) ? 0x57 : 0x21, ...inside(frame)]),
  "frame relay": ofIp(107, (frame) => [0x18, 0x41, 3, isSix(frame) ? 0x8e : 0xcc, ...inside(frame)]),
  "Cisco HDLC": of(104, (frame) => [0x0f, 0, ...frame.slice(12)]),
  "Linux cooked": of(113, (frame) => [
    ...be16(isGroup(frame) ? 1 : 0),
    ...be16(1),
    ...be16(6),
    ...frame.slice(6, 12),
    ...[0, 0],
    ...frame.slice(12),
  ]),
  "Linux cooked 2": of(276, (frame) => [
    ...frame.slice(12, 14),
    ...[0, 0, 0, 0, 0, 2, 0, 1, isGroup(frame) ? 1 : 0, 6],
    ...frame.slice(6, 12),
    ...[0, 0],
    ...inside(frame),
  ]),
  PKTAP: of(258, (frame) => pktap(1, frame)),
  PPI: of(192, (frame) => ppi(1, frame)),
  NFLOG: ofIp(239, (frame) => {
    const payload = inside(frame);
    return [2, 0, 0, 5, ...le16(4 + payload.length), ...le16(9), ...payload];
  }),
  "802.11": of(105, (frame) => air(frame, snapped(frame))),
  "802.11, decrypted": of(105, (frame) => air(frame, [1, 0, 0, 0x20, 0, 0, 0, 0, ...snapped(frame)], { flags: 0x40 })),
  "802.11, aggregate": of(127, (frame) => {
    const [to] = stationsOf(frame);
    const sub = subframe(snapped(frame), true);
    return radiotap([2], [0x10], [...air(frame, [...to, ...sub.slice(6)], { qos: 0x80 }), 1, 2, 3, 4]);
  }),
  GRE: of(RAW, (frame) => over4(47, gre(0, typeOf(frame), [], inside(frame)))),
  NVGRE: of(RAW, (frame) => over6(47, gre(0x2000, 0x6558, be32(7), frame))),
  "ERSPAN II": of(RAW, (frame) => over4(47, gre(0x1000, 0x88be, be32(1), [0x10, 9, 0, 5, 0, 0, 0, 7, ...frame]))),
  EtherIP: of(RAW, (frame) => over4(97, [0x30, 0, ...frame])),
  "IP in IP": ofIp(RAW, (frame) => over4(isSix(frame) ? 41 : 4, inside(frame))),
  VXLAN: of(ETHERNET, (frame) => ethernet(0x0800, overUdp(4789, vxlan(frame)))),
  "VXLAN over IPv6": of(RAW, (frame) => over6(17, udp(40000, 4789, vxlan(frame)))),
  GENEVE: of(RAW, (frame) => overUdp(6081, geneve(0x6558, frame, [1, 2, 3, 0]))),
  "MPLS in UDP": ofIp(RAW, (frame) => overUdp(6635, [0, 0, 0x31, 64, ...inside(frame)])),
};

/** The Ethernet frames of a classic capture in microseconds, whole ones only; null for any other capture. */
function framesOf({ bytes }: Sample): readonly Packet[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0xa1b2c3d4 || view.getUint32(20, true) !== ETHERNET) return null;
  const frames: Packet[] = [];
  for (let at = 24; at + 16 <= bytes.length; ) {
    const [seconds, fraction, length, original] = [0, 4, 8, 12].map((field) => view.getUint32(at + field, true));
    if (seconds === undefined || fraction === undefined || length === undefined || length !== original) return null;
    frames.push({ seconds, fraction, data: bytes.slice(at + 16, at + 16 + length) });
    at += 16 + length;
  }
  return frames;
}

/** What is said of the stories and their packets. */
function storyOf(capture: Uint8Array): unknown {
  const { sequences, findings, problems, verdict } = JSON.parse(jsonOf(capture));
  return {
    sequences,
    problems,
    verdict,
    findings: findings.filter((one: { rule: string }) => one.rule !== "cap-tunnel"),
  };
}

/** Without the program, which only PKTAP names. */
const anonymous = (story: unknown) =>
  JSON.parse(JSON.stringify(story, (key, value) => (key === "process" ? undefined : value)));

const captures = allSamples().flatMap((sample) => {
  const frames = framesOf(sample);
  return frames === null ? [] : [{ name: sample.name, frames }];
});

describe.skipIf(captures.length === 0).each(Object.entries(links))("%s", (_link, { linkType, wrap }) => {
  const number = Object.values(links).findIndex((link) => link.wrap === wrap);
  const share = captures.filter((_, index) => index % Object.keys(links).length === number);

  test.each(share.map((capture) => [capture.name, capture] as const))("%s", (_name, { frames }) => {
    const wrapped = frames.flatMap((frame) => {
      const bytes = wrap([...frame.data]);
      return bytes === null ? [] : [{ ...frame, data: Uint8Array.from(bytes) }];
    });
    const plain = frames.filter((frame) => wrap([...frame.data]) !== null);
    const story = storyOf(pcap(wrapped, { linkWord: linkType }));
    expect(anonymous(story)).toEqual(storyOf(pcap(plain)));
  });
});
