import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compressionOf } from "../../src/capture/compression.ts";
import { ascii } from "../../src/capture/signature.ts";
import { payload, section } from "./build.ts";
import { readAll } from "./read.ts";

function startingWith(bytes: readonly number[], at = 0, length = 600): Uint8Array {
  const all = payload(length);
  all.set(bytes, at);
  return all;
}

function eventTrace(): Uint8Array {
  const bytes = new Uint8Array(1024);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 1024, true);
  view.setUint16(0x48, 2, true);
  view.setUint8(0x4a, 2);
  view.setUint8(0x4b, 0xc0);
  view.setUint32(0x94, 8, true);
  return bytes;
}

const compressions: [string, Uint8Array][] = [
  ["gzip", startingWith([0x1f, 0x8b, 8])],
  ["zstd", startingWith([0x28, 0xb5, 0x2f, 0xfd])],
  ["lz4", startingWith([0x04, 0x22, 0x4d, 0x18])],
  ["lz4", startingWith([0x02, 0x21, 0x4c, 0x18])],
  ["xz", startingWith([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])],
  ["bzip2", startingWith(ascii("BZh9"))],
  ["zip", startingWith([0x50, 0x4b, 3, 4])],
  ["7z", startingWith([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])],
  ["compress", startingWith([0x1f, 0x9d])],
  ["rar", startingWith(ascii("Rar!\x1a\x07"))],
  ["cab", startingWith(ascii("MSCF"))],
  ["tar", startingWith(ascii("ustar"), 257)],
];

describe("compressions", () => {
  it.each(compressions)("%s is known by its first bytes", (name, bytes) => {
    expect(compressionOf(bytes)?.name).toBe(name);
  });

  it("captures are not compressed", () => {
    expect(compressionOf(section())).toBeNull();
    expect(compressionOf(new Uint8Array(0))).toBeNull();
  });
});

const foreign = /which is not unpacked here; unpack it first: \w+/;
const archive = /archive inside an archive/;
const toldAs: { readonly [name: string]: RegExp } = {
  "7z": foreign,
  compress: foreign,
  rar: foreign,
  zip: archive,
  cab: archive,
  tar: archive,
};

const unreadable: [string, Uint8Array, RegExp][] = [
  ["nothing", new Uint8Array(0), /empty/],
  ["three bytes", Uint8Array.of(0xd4, 0xc3, 0xb2), /3 bytes is too short/],
  ["twenty bytes", payload(20), /too short/],
  ["the magic number alone", Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1), /cut short in the middle of its file header/],
  ["other bytes", payload(5000), /not a capture/],
  ["Network Monitor 2", startingWith(ascii("GMBU")), /Network Monitor capture, which can only be read from a file/],
  ["Network Monitor 1", startingWith(ascii("RTSS")), /Network Monitor 1.x capture, which can only be read/],
  ["ETL", eventTrace(), /event trace.*as a file only/],
  ["an event log", startingWith(ascii("ElfFile\0")), /EVTX.*no packets/],
  ["text", new TextEncoder().encode("No. Time Source Destination\r\n1 0.0 10.0.0.1 10.0.0.2\r\n"), /text file/],
  ["UTF-16 text", Uint8Array.of(0xff, 0xfe, 0x4e, 0, 0x6f, 0), /text file/],
  ["pcapng with LF turned into CRLF", startingWith([0x0d, 0x0a, 0x0d, 0x0d, 0x0d, 0x0a]), /text-mode/],
  ["pcapng with CRLF turned into LF", startingWith([0x0a, 0x0d, 0x0a, 0x1c]), /text-mode/],
  ["pcapng with CR turned into LF", startingWith([0x0a, 0x0a, 0x0a, 0x0a, 0x1c]), /text-mode/],
  ...compressions.map(([name, bytes]): [string, Uint8Array, RegExp] => [
    name,
    bytes,
    toldAs[name] ?? /compressed with \w+ once more/,
  ]),
];

describe("what is not read", () => {
  it.each(unreadable)("%s is told in one sentence", (_, bytes, sentence) => {
    for (const size of [1, 7, 512, 4096]) {
      const { frames, problems, summary } = readAll(bytes, size);
      expect(frames).toEqual([]);
      expect(problems).toMatchObject([{ text: expect.stringMatching(sentence) }]);
      expect(summary).toMatchObject({ frames: 0, linkTypes: [], firstTime: null, lastTime: null, cutFrames: 0 });
    }
  });

  const shared = new URL("../../../shared/captures/formats/", import.meta.url);
  it.skipIf(!existsSync(shared)).each([
    ["netmon/syn_2_1.cap", /Network Monitor/],
    ["netmon/gen_netmon1.cap", /Network Monitor 1/],
    ["success/success.pcap.zst", /zstd once more/],
    ["success/success.pcap.lz4", /lz4 once more/],
    ["success/zero-bytes.pcap", /empty/],
    ["success/not-a-capture.pcap", /./],
    ["etl/pktmon-f-demikernel.etl", /ETL/],
    ["etl/syn_ndis_32_qpc.etl", /ETL/],
  ])("%s", (name, sentence) => {
    const { problems, summary } = readAll(readFileSync(new URL(name, shared)));
    expect(problems).toMatchObject([{ text: expect.stringMatching(sentence) }]);
    expect(summary.format).toBeNull();
  });
});
