import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { pcap } from "../capture/build.ts";
import { Random } from "../whole/random.ts";
import { A, A6, address4, address6, B, B6, type Bytes, be16, be32, ipv4, ipv6, tcp, text, udp } from "./packets.ts";
import { differences, seenByKflow, seenByTshark } from "./packets-seen.ts";
import { play, Recorder } from "./recorder.ts";

const TCP = 6;
const UDP = 17;
const CHECKSUM_AT: { readonly [protocol: number]: number } = { [TCP]: 16, [UDP]: 6 };

/** RFC 1071: the checksum that goes with these bytes. */
function checksum(bytes: Bytes): Bytes {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return be16(~sum & 0xffff);
}

/** `bytes` with other ones from `at` on. */
const patched = (bytes: Bytes, at: number, other: Bytes): Bytes => bytes.map((byte, i) => other[i - at] ?? byte);

function summed(protocol: number, segment: Bytes, addresses: Bytes): Bytes {
  const at = CHECKSUM_AT[protocol] ?? 0;
  return patched(segment, at, checksum([...addresses, 0, protocol, ...be16(segment.length), ...segment]));
}

interface Around {
  readonly iv?: number;
  readonly check?: number;
}

function esp(next: number, payload: Bytes, { iv = 0, check = 12 }: Around = {}): Bytes {
  const padding = Array.from({ length: (4 - ((payload.length + 2) % 4)) % 4 }, (_, index) => index + 1);
  const filled = (length: number, from: number) => Array.from({ length }, (_, index) => (index * 37 + from) & 255);
  const inside = [...filled(iv, 7), ...payload, ...padding, padding.length, next];
  return [...be32(0x1000), ...be32(1), ...inside, ...filled(check, 201)];
}

const over4 = (payload: Bytes): Bytes => ipv4({ protocol: 50 }, payload);
const over6 = (payload: Bytes): Bytes => ipv6({ protocol: 50 }, payload);
const ends4 = [...address4(A), ...address4(B)];
const ends6 = [...address6(A6), ...address6(B6)];
const hello = (size: number) => text("hello, this is long enough".slice(0, size));
const datagram = (ends: Bytes, size = 5) => summed(UDP, udp(1111, 53, hello(size)), ends);
const segment = (ends: Bytes, size: number) =>
  summed(TCP, tcp({ sport: 1111, dport: 80, seq: 1, flags: "PA" }, hello(size)), ends);

const tunnelled = (): Bytes => {
  const packet = ipv4({}, udp(1111, 53, hello(9)));
  return patched(packet, 10, checksum(packet.slice(0, 20)));
};

const rows: readonly (readonly [name: string, bytes: Bytes])[] = [
  ...[5, 6, 7, 8].map((size) => [`UDP, ${size} bytes`, over4(esp(UDP, datagram(ends4, size)))] as const),
  ...[0, 1, 2, 3].map((size) => [`TCP, ${size} bytes`, over4(esp(TCP, segment(ends4, size)))] as const),
  ["over IPv6", over6(esp(UDP, datagram(ends6)))],
  ["TCP over IPv6", over6(esp(TCP, segment(ends6, 9)))],
  ["a tunnel", over4(esp(4, tunnelled()))],
  ["a tunnel for IPv6", over4(esp(41, ipv6({}, datagram(ends6))))],
];
const others: typeof rows = [
  ["HMAC-SHA-256-128", over4(esp(UDP, datagram(ends4), { check: 16 }))],
  ["AES-GMAC", over4(esp(TCP, segment(ends4, 3), { check: 16, iv: 8 }))],
];

const raw = (bytes: Bytes) => ({ bytes, linkType: 101 });

describe("ESP without encryption", () => {
  test.each([...rows, ...others])("%s", (name, bytes) => {
    const { recorder, net } = play([raw(bytes)]);
    const found = [...recorder.datagrams, ...recorder.connections.map(({ client, server }) => ({ client, server }))];
    expect(found).toHaveLength(name.startsWith("TCP, 0") ? 0 : 1);
    expect(net.links().sealed.size).toBe(0);
  });

  test("is read to its last byte and no further", () => {
    for (const size of [5, 6, 7, 8]) {
      const { datagrams } = play([raw(over4(esp(UDP, datagram(ends4, size))))]).recorder;
      expect(datagrams).toMatchObject([{ text: String.fromCharCode(...hello(size)), missing: 0 }]);
    }
  });

  const good = over4(esp(UDP, datagram(ends4)));
  test.each<readonly [name: string, bytes: Bytes]>([
    ["another checksum", patched(good, 20 + 8 + 6, [1, 2])],
    ["another address", patched(good, 12, [10, 9, 9, 9])],
    ["another length", patched(good, 20 + 8 + 4, be16(14))],
    ["other padding", patched(good, good.length - 12 - 3, [9])],
    ["more padding than packet", patched(good, good.length - 12 - 2, [200])],
    ["an unknown protocol", patched(good, good.length - 12 - 1, [99])],
    ["fewer bytes than a trailer", over4(be32(0x1000))],
    ["a tunnel whose header is damaged", over4(esp(4, patched(tunnelled(), 12, [9])))],
  ])("is not taken for that with %s", (_name, bytes) => {
    const { recorder, net } = play([raw(bytes)]);
    expect(recorder.datagrams).toEqual([]);
    expect(net.links().sealed.get("ESP")).toEqual({ count: 1, frames: [1] });
  });

  test("needs the whole packet", () => {
    const { net } = play([{ ...raw(good.slice(0, -1)), wireLength: good.length }]);
    expect(net.links().sealed.get("ESP")?.count).toBe(1);
  });

  test("is found in no ciphertext", () => {
    const random = new Random(5);
    const recorder = new Recorder();
    const frames = Array.from({ length: 20_000 }, () => raw(over4([...random.bytes(20 + random.below(100))])));
    const { net } = play(frames, { recorder });
    expect(net.links().sealed.get("ESP")?.count).toBe(frames.length);
  });
});

const hasTshark = spawnSync("tshark", ["--version"]).status === 0;

describe.skipIf(!hasTshark)("as tshark reads it when told to look", () => {
  const folder = mkdtempSync(join(tmpdir(), "kflow-esp-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("the same packets", () => {
    const path = join(folder, "esp.pcap");
    const packets = rows.map(([, bytes], seconds) => ({ seconds, fraction: 0, data: Uint8Array.from(bytes) }));
    writeFileSync(path, pcap(packets, { linkWord: 101 }));
    const told = ["-o", "esp.enable_null_encryption_decode_heuristic:TRUE"];
    const ours = seenByKflow(path);
    expect(ours.size).toBe(rows.length);
    expect(differences(ours, seenByTshark(path, told))).toEqual([]);
  });
});
