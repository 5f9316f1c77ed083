import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { Bytes, block, concat, interfaceBlock, type Order, payload, section } from "./build.ts";
import { readAll } from "./read.ts";

/** What the blocks of pcapng say beside packets. */

type Option = readonly [code: number, value: Uint8Array | string];

function options(list: readonly Option[], order: Order = "little"): Uint8Array {
  const parts = list.map(([code, value]) => {
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    const padding = new Uint8Array((4 - (bytes.length % 4)) % 4);
    return new Bytes(order).u16(code, bytes.length).raw(bytes).raw(padding).done();
  });
  return concat([...parts, new Bytes(order).u16(0, 0).done()]);
}

function described(list: readonly Option[], linkType = 1, snapLength = 0, order: Order = "little"): Uint8Array {
  return block(1, new Bytes(order).u16(linkType, 0).u32(snapLength).raw(options(list, order)).done(), order);
}

function packet(list: readonly Option[], iface = 0, order: Order = "little"): Uint8Array {
  const head = new Bytes(order).u32(iface, 0, 7, 5, 5).raw(payload(5)).raw(new Uint8Array(3));
  return block(6, head.raw(options(list, order)).done(), order);
}

const u32 = (...values: number[]) => new Bytes().u32(...values).done();
const u64 = (value: bigint) => new Bytes().i64(value).done();
const factsOf = (...blocks: Uint8Array[]) => readAll(concat(blocks), 33).facts;

describe("a section", () => {
  it("names the program, the system and the hardware that wrote it, and may carry comments", () => {
    for (const order of ["little", "big"] as const) {
      const all = options(
        [
          [2, "Intel"],
          [3, "Windows Server 2022\0"],
          [4, "Packet Monitor"],
          [1, "first"],
          [1, "second\0\0"],
          [77, "unknown"],
        ],
        order,
      );
      expect(factsOf(section(order, 1, all))).toEqual({
        hardware: "Intel",
        os: "Windows Server 2022",
        application: "Packet Monitor",
        comments: ["first", "second"],
      });
    }
  });

  it("without options says nothing; of several sections the first word counts", () => {
    expect(factsOf(section(), interfaceBlock())).toEqual({});
    const [one, two] = ["one", "two"].map((name) => section("little", 1, options([[4, name]])));
    expect(factsOf(one ?? payload(0), two ?? payload(0))).toEqual({ application: "one" });
  });

  it("of bad UTF-8 is read as far as it is text", () => {
    expect(factsOf(section("little", 1, options([[4, Uint8Array.of(0x41, 0xff, 0x42)]])))).toEqual({
      application: "A\ufffdB",
    });
  });

  it("with options longer than are read is told", () => {
    const long = new Uint8Array(limits.describingBytes);
    const { frames, problems } = readAll(concat([section("little", 1, long), interfaceBlock(), packet([])]), 50_000);
    expect(frames.length).toBe(1);
    expect(problems).toMatchObject([{ offset: 0, text: expect.stringContaining("is not read") }]);
  });
});

describe("interfaces", () => {
  it("say their names, filter, addresses and snap length", () => {
    const list: Option[] = [
      [2, "\\Device\\NPF_{1}"],
      [3, "Ethernet0"],
      [4, Uint8Array.of(10, 0, 0, 1, 255, 0, 0, 0)],
      [4, Uint8Array.of(10, 0, 0, 2, 255, 0, 0, 0)],
      [5, Uint8Array.of(0xfe, 0x80, ...new Uint8Array(13), 1, 64)],
      [11, "\0port 88"],
      [9, Uint8Array.of(9)],
    ];
    expect(
      factsOf(section(), described(list, 1, 128), described([[11, "\u0001bytes"]]), described([], 113, 262144)),
    ).toEqual({
      interfaces: [
        {
          linkType: 1,
          name: "\\Device\\NPF_{1}",
          description: "Ethernet0",
          filter: "port 88",
          snapLength: 128,
          addresses: ["10.0.0.1", "10.0.0.2", "fe80::1"],
        },
      ],
    });
  });

  it("are so many, with so many addresses", () => {
    const addresses = Array.from(
      { length: limits.interfaceAddresses + 3 },
      (_, index): Option => [4, Uint8Array.of(10, 0, 0, index, 255, 0, 0, 0)],
    );
    const many = Array.from({ length: limits.namedInterfaces + 3 }, (_, index) => described([[2, `if${index}`]]));
    const { interfaces = [] } = factsOf(section(), described(addresses), ...many);
    expect(interfaces.length).toBe(limits.namedInterfaces);
    expect(interfaces[0]?.addresses?.length).toBe(limits.interfaceAddresses);
  });
});

describe("interface statistics", () => {
  const statistics = (iface: number, ...counts: (readonly [number, bigint])[]) =>
    block(5, concat([u32(iface, 0, 0), options(counts.map(([code, count]): Option => [code, u64(count)]))]));
  const two = [section(), described([[2, "a"]]), described([[2, "b"]])] as const;

  it("stand beside their interface, the last ones of each; dropped packets are summed up over all sections", () => {
    const facts = factsOf(
      ...two,
      statistics(0, [4, 900n], [5, 3n], [7, 1n]),
      statistics(1, [5, 0n], [7, 2n]),
      packet([]),
      statistics(0, [4, 1000n], [5, 30n], [7, 10n]),
      ...two,
      statistics(1, [5, 5n]),
    );
    expect(facts).toEqual({
      interfaces: [
        { linkType: 1, name: "a", received: 1000, dropped: 40 },
        { linkType: 1, name: "b", dropped: 2 },
        { linkType: 1, name: "a" },
        { linkType: 1, name: "b", dropped: 5 },
      ],
      lost: 47,
    });
  });

  it("are not invented: interfaces nobody described, blocks cut or too long", () => {
    const short = block(5, u32(0, 0));
    const overrun = block(5, new Bytes().u32(0, 0, 0).u16(5, 900).i64(7n).done());
    const { facts, frames } = readAll(concat([...two, statistics(9, [5, 7n]), short, overrun, packet([])]));
    expect(frames.length).toBe(1);
    expect(facts.lost).toBeUndefined();
  });

  it("count for interfaces that say nothing else, too", () => {
    expect(factsOf(section(), interfaceBlock(), statistics(0, [5, 7n]))).toEqual({ lost: 7 });
  });
});

describe("names of addresses", () => {
  const record = (type: number, value: Uint8Array) =>
    new Bytes()
      .u16(type, value.length)
      .raw(value)
      .raw(new Uint8Array((4 - (value.length % 4)) % 4))
      .done();
  const named = (address: readonly number[], names: string) =>
    record(address.length === 4 ? 1 : 2, concat([Uint8Array.from(address), new TextEncoder().encode(names)]));
  const six = [0x20, 1, 0xd, 0xb8, ...Array.from({ length: 11 }, () => 0), 7];

  it("are kept, the first of each address, wherever the block stands", () => {
    const records = concat([
      named([10, 0, 0, 1], "dc1.contoso.com\0dc1\0"),
      named([10, 0, 0, 1], "other\0"),
      named(six, "web.contoso.com\0"),
      named([10, 0, 0, 2], "\0"),
      record(1, Uint8Array.of(10, 0, 0, 3)),
      record(9, payload(20)),
      named([10, 0, 0, 4], "unended"),
      record(0, payload(0)),
      named([10, 0, 0, 5], "behind the end\0"),
    ]);
    expect(factsOf(section(), interfaceBlock(), packet([]), block(4, records))).toEqual({
      names: [
        { address: "10.0.0.1", name: "dc1.contoso.com" },
        { address: "2001:db8::7", name: "web.contoso.com" },
        { address: "10.0.0.4", name: "unended" },
      ],
    });
  });

  it("that are cut end the block", () => {
    const records = concat([named([10, 0, 0, 1], "a\0"), new Bytes().u16(1, 900).raw(payload(8)).done()]);
    expect(factsOf(section(), block(4, records)).names?.length).toBe(1);
  });

  it("are so many, which is told once", () => {
    const records = Array.from({ length: limits.namedAddresses + 9 }, (_, index) =>
      named([10, 1, index >> 8, index & 255], `h${index}\0`),
    );
    const all = block(4, concat(records));
    const { facts, problems } = readAll(concat([section(), all, all]));
    expect(facts.names?.length).toBe(limits.namedAddresses);
    expect(problems).toMatchObject([{ text: expect.stringContaining(`more than ${limits.namedAddresses} addresses`) }]);
  });

  it("in a block longer than is read are passed over, which is told", () => {
    const long = block(4, new Uint8Array(limits.describingBytes));
    const { frames, problems } = readAll(concat([section(), interfaceBlock(), long, packet([])]), 10_000);
    expect(frames.length).toBe(1);
    expect(problems).toMatchObject([{ text: expect.stringContaining("is not read") }]);
  });
});

it("secrets for decryption are counted by kind and not kept", () => {
  const secret = (kind: number) => block(10, concat([u32(kind, 12), new TextEncoder().encode("CLIENT_RANDO")]));
  const reading = readAll(
    concat([
      section(),
      ...[0x544c534b, 0x57474b4c, 0x544c534b, 0x1234, 0x4321].map(secret),
      block(10, u32(0x544c534b)),
    ]),
    21,
  );
  expect(reading.facts).toEqual({
    secrets: [
      { kind: "TLS key log", count: 2 },
      { kind: "WireGuard key log", count: 1 },
      { kind: "another kind", count: 2 },
    ],
  });
  expect(JSON.stringify(reading)).not.toContain("CLIENT");
});

describe("options of packets", () => {
  const start = [section(), interfaceBlock(), interfaceBlock()] as const;
  const processes = (...packets: Uint8Array[]) =>
    readAll(concat([...start, ...packets]), 40).frames.map(({ process }) => process);
  const outbound: Option = [2, u32(2)];
  const inbound: Option = [2, u32(1)];

  it("tell the process in Microsoft's comment or option, of packets that were sent", () => {
    expect(
      processes(
        packet([[1, "PID=680 TID=4212"], outbound]),
        packet([outbound, [1, "PID=4"]]),
        packet([[1, "PID=680 TID=4212"]]),
        packet([[1, "PID=680 TID=4212"], inbound]),
        packet([[8, u32(1234, 99)], outbound]),
        packet([[8, u32(1234, 99)], inbound]),
        packet([]),
      ),
    ).toEqual(["pid 680", "pid 4", "pid 680", null, "pid 1234", null, null]);
  });

  it("that only look like these are none", () => {
    const none = ["PID=", "PID=x", "pid=5", "PID=99999999999", `PID=5 ${"x".repeat(200)}`];
    expect(processes(...none.map((text) => packet([[1, text]])), packet([[8, Uint8Array.of(1, 2)]]))).toEqual(
      Array.from({ length: 6 }, () => null),
    );
  });

  it("tell the owner by Darwin's process blocks, in both directions", () => {
    const owner = (id: number, name?: string) =>
      block(0x80000001, concat([u32(id), options(name === undefined ? [] : [[2, name]])]));
    const reading = readAll(
      concat([
        ...start,
        owner(501, "Safari"),
        owner(502),
        packet([[0x8001, u32(0)], inbound]),
        packet([[0x8001, u32(1)]]),
        packet([[0x8001, u32(2)]]),
        ...start,
        packet([[0x8001, u32(0)]]),
      ]),
    );
    expect(reading.problems).toEqual([]);
    expect(reading.frames.map(({ process }) => process)).toEqual(["Safari (501)", "pid 502", null, null]);
  });

  it("tell the point where they say that it is the same packet, and only there", () => {
    const id: Option = [5, u64(77n)];
    const { frames } = readAll(concat([...start, packet([id], 0), packet([id], 1), packet([], 1)]));
    expect(frames.map(({ point }) => point)).toEqual([0, 1, -1]);
  });

  it("keep comments of people, so many and so much of each", () => {
    const { facts } = readAll(concat([...start, packet([[1, "PID=4"]]), packet([[1, "here it fails"]])]));
    expect(facts.comments).toEqual(["frame 2: here it fails"]);
    const many = Array.from({ length: limits.comments + 5 }, () => packet([[1, "é".repeat(3000)]]));
    const { comments = [] } = readAll(concat([...start, ...many])).facts;
    expect(comments.length).toBe(limits.comments);
    expect(comments[0]).toBe(`frame 1: ${"é".repeat(limits.commentCharacters)}`);
  });

  it("are read in the order of bytes of their section", () => {
    const big = packet(
      [
        [2, new Bytes("big").u32(2).done()],
        [8, new Bytes("big").u32(680, 1).done()],
      ],
      0,
      "big",
    );
    expect(readAll(concat([section("big"), interfaceBlock({ order: "big" }), big])).frames).toMatchObject([
      { process: "pid 680" },
    ]);
  });
});
