import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { payload, pcap, somePackets } from "../capture/build.ts";
import { cabinetOf, tarOf, zipOf } from "../capture/unpack/archives.ts";
import * as fixtures from "../capture/unpack/fixtures.ts";
import { isInstalled } from "../capture/unpack/tools.ts";
import { type Content, contentsOf } from "./opened.ts";

const folder = mkdtempSync(join(tmpdir(), "kflow-archives-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(bytes: Uint8Array): string {
  const path = join(folder, `archive-${files++}`);
  writeFileSync(path, bytes);
  return path;
}

const small = pcap(somePackets(10, 100));
const large = pcap(somePackets(500, 400));
const text = new TextEncoder().encode("No packets in here.\n".repeat(50));

/** Names without the path of the archive, compressions, and whether the bytes are those of `wanted`. */
async function expectCaptures(
  archive: Uint8Array,
  wanted: readonly (readonly [name: string, compression: string, content: Uint8Array])[],
  problems: readonly RegExp[] = [],
): Promise<void> {
  const path = file(archive);
  const read = await captures(path);
  expect(read.map(({ name, compression }) => [name, compression])).toEqual(
    wanted.map(([name, compression]) => [`${path}/${name}`, compression]),
  );
  for (const [at, { bytes }] of read.entries()) {
    expect(Buffer.compare(bytes, wanted[at]?.[2] ?? payload(0))).toBe(0);
  }
  expect(read.flatMap((content) => content.problems)).toEqual(problems.map((text) => expect.stringMatching(text)));
}

async function captures(path: string): Promise<readonly Content[]> {
  const read = await contentsOf(path);
  if (typeof read === "string") throw new Error(read);
  return read;
}

describe("zip", () => {
  const one = { name: "one.pcap", content: small };
  const both = [
    one,
    { name: "notes/readme.txt", content: text },
    { name: "deep/two", content: large },
    { name: "deep/", content: payload(0) },
  ];
  const first = ["one.pcap", "zip", small] as const;
  const wanted = [first, ["deep/two", "zip", large] as const];

  it("gives every capture in it, known by its content", async () => {
    await expectCaptures(zipOf(both), wanted);
    await expectCaptures(zipOf(both, { comment: "PK\u0005\u0006 in a comment" }), wanted);
    await expectCaptures(zipOf(both.map((one) => ({ ...one, method: 0 }))), wanted);
    await expectCaptures(zipOf(both.map((one) => ({ ...one, flags: 8 }))), wanted);
    await expectCaptures(zipOf(both, { is64: true }), wanted);
  });

  it("undoes a compression inside, and no archive inside", async () => {
    const packed = [
      { name: "a.pcap.gz", content: gzipSync(small) },
      { name: "b.tar", content: tarOf([{ name: "b.pcap", content: small }]) },
      { name: "c.zst.gz", content: gzipSync(fixtures.zstd) },
    ];
    await expectCaptures(
      zipOf(packed),
      [["a.pcap.gz", "zip+gzip", small]],
      [/b\.tar: this is a tar archive inside an archive/, /c\.zst\.gz: this is compressed with zstd once more/],
    );
  });

  it("without a directory is read from front to back", async () => {
    const sentence = /has no directory/;
    await expectCaptures(zipOf(both, { hasDirectory: false }), wanted, [sentence]);
    const streamed = zipOf(
      both.slice(2, 3).map((one) => ({ ...one, flags: 8 })),
      { hasDirectory: false },
    );
    await expectCaptures(streamed, [["deep/two", "zip", large]], [sentence]);
  });

  it("cut anywhere gives what came before, and says so", async () => {
    const whole = zipOf(both);
    for (let cut = 60; cut < whole.length; cut += 997) {
      const read = await contentsOf(file(whole.subarray(0, cut)));
      if (typeof read === "string") continue;
      expect(read.flatMap(({ problems }) => problems).length).toBeGreaterThan(0);
      expect(Buffer.compare(read[0]?.bytes ?? payload(0), small.subarray(0, read[0]?.bytes.length))).toBe(0);
    }
  });

  it("with wrong checksums and sizes keeps the data and says so", async () => {
    const wrong = /zip checksum is wrong/;
    await expectCaptures(zipOf([{ name: "a", content: small, crc: 1 }]), [["a", "zip", small]], [wrong]);
    await expectCaptures(zipOf([{ name: "a", content: small, size: 5 }]), [["a", "zip", small]], [wrong]);
    await expectCaptures(
      zipOf([{ name: "a", content: small, size: 2 ** 31 }]),
      [["a", "zip", small]],
      [/cut short or damaged/],
    );
    const short = (await captures(file(zipOf([{ name: "a", content: large, packedSize: 500 }]))))[0];
    expect(short?.problems).toEqual([expect.stringMatching(/cut short or damaged/)]);
    expect(short?.bytes.length).toBeGreaterThan(100);
  });

  it("says what cannot be read in it", async () => {
    const encrypted = { name: "secret.pcap", content: small, flags: 1 };
    const other = { name: "odd.pcap", content: small, method: 12 };
    await expectCaptures(zipOf([encrypted, other, ...both]), wanted, [
      /secret\.pcap.*encrypted/,
      /odd\.pcap.*method 12/,
    ]);
    expect(await contentsOf(file(zipOf([encrypted])))).toMatch(/no capture in this zip archive.*encrypted/);
    expect(await contentsOf(file(zipOf([{ name: "a.txt", content: text }])))).toMatch(
      /no capture in this zip archive$/,
    );
  });

  it("whose files overlap gives each byte once", async () => {
    const bomb = zipOf([one, ...Array.from({ length: 50 }, (_, at) => ({ name: `${at}`, content: small, at: 0 }))]);
    await expectCaptures(bomb, [first], [/overlap/]);
  });

  it("whose directory points nowhere says so", async () => {
    const lost = zipOf([{ name: "lost", content: small, at: 5 }, ...both.slice(1)]);
    await expectCaptures(lost, [["deep/two", "zip", large]], [/lost is not where/]);
  });

  it("of more files than the limit says so", async () => {
    const many = Array.from({ length: limits.archiveMembers + 1 }, (_, at) => ({
      name: `${at}`,
      content: payload(0),
      method: 0,
    }));
    const archive = zipOf([one, ...many]);
    await expectCaptures(archive, [first], [/too long or damaged/]);
  });

  it("with a directory beyond the limit is read as far as it goes", async () => {
    const name = "x".repeat(65_000);
    const many = Array.from({ length: limits.archiveDirectoryBytes / 65_000 + 1 }, () => ({
      name,
      content: payload(0),
      method: 0,
    }));
    await expectCaptures(zipOf([one, ...many]), [first], [/too long or damaged/]);
  });

  it("damaged anywhere never throws", async () => {
    const whole = zipOf(
      [
        { name: "a", content: small },
        { name: "b", content: text },
      ],
      { is64: true },
    );
    for (let at = 0; at < whole.length; at += 3) {
      const bad = whole.slice();
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      if (at > 3) expect(await contentsOf(file(bad))).toBeDefined();
    }
  });

  it("that inflates beyond any capture is stopped", async () => {
    const zeros = new Uint8Array(limits.inflatedFreely * 2);
    zeros.set(small);
    const [read] = await captures(file(zipOf([{ name: "bomb", content: zeros }])));
    // Two portions of packed bytes were handed out by then.
    expect(read?.bytes.length).toBeLessThan(limits.inflationRatio * 2 * 65_536);
    expect(read?.problems).toEqual(expect.arrayContaining([expect.stringMatching(/times its size/)]));
  });
});

describe("tar", () => {
  const long = `${"folder/".repeat(30)}two.pcap`;
  const one = { name: "one.pcap", content: small };
  const both = [
    one,
    { name: "folder", content: payload(0), kind: "5" },
    { name: "readme.txt", content: text, prefix: "notes" },
    { name: "two.pcap", content: large, prefix: "deep" },
  ];
  const first = ["one.pcap", "tar", small] as const;
  const wanted = [first, ["deep/two.pcap", "tar", large] as const];

  it("gives every capture in it", async () => {
    await expectCaptures(tarOf(both), wanted);
    await expectCaptures(tarOf(both, 0), wanted);
  });

  it("knows long names and large sizes", async () => {
    const encode = (words: string) => new TextEncoder().encode(words);
    const record = `${`path=${long}`.length + 5} path=${long}\n`;
    const gnu = [
      { name: "././@LongLink", content: encode(`${long}\0`), kind: "L" },
      { name: "cut", content: small },
    ];
    await expectCaptures(tarOf(gnu), [[long, "tar", small]]);
    const pax = [
      { name: "pax", content: encode(record), kind: "x" },
      { name: "cut", content: small },
    ];
    await expectCaptures(tarOf([...pax, ...both]), [[long, "tar", small], ...wanted]);
    const size = [{ name: "pax", content: encode(`13 size=${small.length}\n`), kind: "x" }];
    await expectCaptures(tarOf([...size, { name: "a", content: small, size: "0" }, ...both]), [
      ["a", "tar", small],
      ...wanted,
    ]);
  });

  it("reads no more of a name than the limit", async () => {
    const name = new Uint8Array(limits.archiveNameBytes + 10).fill(0x61);
    const path = file(
      tarOf([
        { name: "long", content: name, kind: "L" },
        { name: "cut", content: small },
      ]),
    );
    expect((await captures(path))[0]?.name.length).toBe(path.length + 1 + limits.archiveNameBytes);
  });

  it("inside a compression is copied once, and read from there", async () => {
    await expectCaptures(
      gzipSync(tarOf(both)),
      wanted.map(([name, , content]) => [name, "gzip+tar", content]),
    );
    const nested = tarOf([
      { name: "a.gz", content: gzipSync(small) },
      { name: "b", content: large },
    ]);
    await expectCaptures(gzipSync(nested), [
      ["a.gz", "gzip+tar+gzip", small],
      ["b", "gzip+tar", large],
    ]);
  });

  it("that is cut short or damaged gives what came before, and says so", async () => {
    const whole = tarOf(both);
    await expectCaptures(whole.subarray(0, 512 + 200), [["one.pcap", "tar", small.subarray(0, 200)]], [/cut short/]);
    const bad = whole.slice();
    bad[512 + Math.ceil(small.length / 512) * 512 + 3] = 0xff;
    await expectCaptures(bad, [first], [/damaged/]);
    const packed = gzipSync(whole, { level: 0 });
    const [read] = await captures(file(packed.subarray(0, 1_000)));
    expect(read?.problems).toEqual([
      expect.stringMatching(/gzip data is cut short/),
      expect.stringMatching(/tar.*cut short/),
    ]);
  });

  it("of more entries than the limit says so", async () => {
    const many = Array.from({ length: limits.archiveMembers }, () => ({ name: "x", content: payload(0), kind: "5" }));
    await expectCaptures(tarOf([one, ...many]), [first], [/more than 4096 entries/]);
  });
});

describe("a cabinet", () => {
  const report = pcap(somePackets(300, 400));
  const before = { name: "private.txt", content: payload(50_001) };
  const both = [before, { name: "REPORT.ETL", content: report }, { name: "more.txt", content: text }];
  const wanted = [["REPORT.ETL", "cab", report] as const];

  it("gives the event trace in it, whatever lies around it", async () => {
    await expectCaptures(cabinetOf(both), wanted);
    await expectCaptures(cabinetOf(both, { method: 0 }), wanted);
    await expectCaptures(cabinetOf(both, { reserve: 7 }), wanted);
    await expectCaptures(cabinetOf(both, { hasChecksums: false, isContinued: true }), wanted);
  });

  it("gives any other capture too, known by its content", async () => {
    const packed = { name: "b", content: gzipSync(small) };
    const mixed = [...both, { name: "one.pcap", content: small }, packed];
    await expectCaptures(cabinetOf(mixed), [...wanted, ["one.pcap", "cab", small], ["b", "cab+gzip", small]]);
  });

  it("says what cannot be read in it", async () => {
    const complaint = (name: string, folder: number, method: number) =>
      contentsOf(file(cabinetOf([{ name, content: report, folder }], { method })));
    expect(await complaint("a.etl", 0xfffd, 1)).toMatch(/a\.etl: it goes on in another cabinet/);
    expect(await complaint("a.etl", 0, 3)).toMatch(/a\.etl: it is packed as LZX/);
    expect(await complaint("alice", 0, 3)).toMatch(/archive: of its files none can be read: it is packed as LZX/);
    expect(
      await contentsOf(file(cabinetOf([{ name: "alice", content: zipOf([{ name: "a", content: text }]) }]))),
    ).toMatch(/: a file in [^:]*: this is a zip archive/);
  });

  it("of many files is not looked through without end", async () => {
    const before = { name: "a.txt", content: new Uint8Array(limits.archiveLookBytes + 1) };
    const deep = (name: string) => cabinetOf([before, { name, content: small }], { method: 0, hasChecksums: false });
    expect(await contentsOf(file(deep("deep.pcap")))).toMatch(/some of its files \(1\) lie too deep/);
    await expectCaptures(deep("deep.etl"), [["deep.etl", "cab", small]]);
    const many = Array.from({ length: limits.archiveMembers }, (_, at) => ({ name: `${at}`, content: payload(0) }));
    await expectCaptures(
      cabinetOf([{ name: "one", content: small }, ...many]),
      [["one", "cab", small]],
      [/the cabinet has more than 4096 files/],
    );
  });

  it("tells a wrong checksum and keeps the data", async () => {
    const bad = cabinetOf([{ name: "a.etl", content: report }], { method: 0 });
    bad[bad.length - 1] = (bad[bad.length - 1] ?? 0) ^ 1;
    const [read] = await captures(file(bad));
    expect(read?.bytes.length).toBe(report.length);
    expect(read?.problems).toEqual([expect.stringMatching(/cabinet checksum is wrong/)]);
  });

  it("cut or damaged in its data gives what came before", async () => {
    const whole = cabinetOf(both);
    for (const bad of [whole.subarray(0, whole.length - 3_000), whole.with(whole.length - 3_000, 0)]) {
      const [read] = await captures(file(bad));
      const length = read?.bytes.length ?? 0;
      expect(length).toBeGreaterThan(10_000);
      expect(Buffer.compare(read?.bytes ?? payload(0), report.subarray(0, length))).toBe(0);
      expect(read?.problems.length).toBeGreaterThan(0);
    }
  });

  it("damaged anywhere never throws", async () => {
    const whole = cabinetOf(
      [
        { name: "a.txt", content: text },
        { name: "a.etl", content: small },
      ],
      { reserve: 3 },
    );
    for (let at = 4; at < whole.length; at += 5) {
      const bad = whole.slice();
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      expect(await contentsOf(file(bad))).toBeDefined();
    }
  });

  it("of other files gives nothing, and names none of them", async () => {
    const complaint = await contentsOf(file(cabinetOf([{ name: "gpresult-of-alice.txt", content: text }])));
    expect(complaint).toMatch(/no capture in this cab archive$/);
  });

  it("is damaged where it is", async () => {
    const whole = cabinetOf([{ name: "report.etl", content: report }]);
    for (const cut of [5, 20, 40, 60]) {
      expect(await contentsOf(file(whole.subarray(0, cut)))).toMatch(/cut short or damaged/);
    }
  });
});

describe("a pipe", () => {
  it.skipIf(process.platform === "win32")("may hold an archive", async () => {
    const path = join(folder, "a-pipe");
    execFileSync("mkfifo", [path]);
    const source = file(
      gzipSync(
        tarOf([
          { name: "a", content: small },
          { name: "b", content: large },
        ]),
      ),
    );
    const writer = spawn("sh", ["-c", 'cat "$1" > "$2"', "sh", source, path], { stdio: "ignore" });
    const read = await captures(path);
    writer.kill();
    expect(read.map(({ bytes }) => bytes.length)).toEqual([small.length, large.length]);
  });
});

describe.skipIf(!existsSync("/proc/self/fd"))("reading an archive", () => {
  it("leaves nothing open", async () => {
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    for (const bytes of [
      zipOf([
        { name: "a", content: small },
        { name: "b", content: text },
      ]),
      gzipSync(
        tarOf([
          { name: "a", content: small },
          { name: "b", content: large },
        ]),
      ),
      zipOf([{ name: "b", content: text }]),
      cabinetOf([{ name: "a.etl", content: small }]),
    ]) {
      await contentsOf(file(bytes));
      expect(open()).toBe(before);
    }
  });
});

describe("archives of the installed tools", () => {
  const put = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes);
  put("one.pcap", small);
  put("two.pcap", large);
  put("readme.txt", text);
  const names = ["one.pcap", "readme.txt", "two.pcap"];
  const make = (tool: string, ...words: readonly string[]) => execFileSync(tool, words, { cwd: folder, stdio: "pipe" });
  const lengths = async (name: string) => (await captures(join(folder, name))).map(({ bytes }) => bytes.length);
  const both = [small.length, large.length];

  it.skipIf(!isInstalled("zip"))("zip", async () => {
    make("zip", "-q", "tool.zip", ...names);
    expect(await lengths("tool.zip")).toEqual(both);
    writeFileSync(join(folder, "piped.zip"), make("sh", "-c", "cat two.pcap | zip -q - one.pcap -"));
    expect(await lengths("piped.zip")).toEqual(both);
    make("zip", "-q", "-fz", "large.zip", ...names);
    expect(await lengths("large.zip")).toEqual(both);
  });

  it.skipIf(!isInstalled("gcab"))("cabinet", async () => {
    put("report.etl", large);
    make("gcab", "-c", "-z", "packed.cab", "readme.txt", "report.etl");
    make("gcab", "-c", "plain.cab", "readme.txt", "report.etl");
    expect(await lengths("packed.cab")).toEqual([large.length]);
    expect(await lengths("plain.cab")).toEqual([large.length]);
  });

  it.skipIf(!isInstalled("tar")).each(["gnu", "ustar", "pax"])("tar of format %s", async (format) => {
    make("tar", `--format=${format}`, "-cf", "tool.tar", ...names);
    expect(await lengths("tool.tar")).toEqual(both);
    make("tar", `--format=${format}`, "-czf", "tool.tgz", ...names);
    expect(await lengths("tool.tgz")).toEqual(both);
  });
});
