import { describe, expect, it } from "vitest";
import { limits } from "../../../src/bytes/limits.ts";
import { Bytes, concat, payload } from "../build.ts";
import { fragment, guidBytes, monitorPacket, providers, rasPacket, text, wfpPacket } from "../event-data.ts";
import { readRanges } from "../read.ts";
import {
  buffer,
  classicRecord,
  eventRecord,
  eventSchema,
  moment,
  ndisPacket,
  type TraceEvent,
  trace,
  traceOf,
  valueMap,
} from "./write-etl.ts";

const halves = (...values: number[]) => new Bytes().u16(...values).done();

const event = (id: number, data: Uint8Array, provider: string = providers.pktMon): TraceEvent => ({
  at: moment(50),
  provider,
  id,
  data,
});
const component = (id: number, driver: string, description: string) =>
  event(20, concat([halves(id, 2), text(driver), text(description)]));
const monitored = (
  ticks: number,
  id: number,
  options: Partial<Parameters<typeof monitorPacket>[0]> = {},
): TraceEvent => ({
  at: moment(ticks),
  provider: providers.pktMon,
  id,
  keywords: 0x10n,
  data: monitorPacket({ data: payload(60), ...options }),
});
const factsOf = (events: readonly TraceEvent[]) => readRanges(traceOf(events)).facts;

describe("points", () => {
  it("have the names that stand at the end of the file", () => {
    const { facts, frames } = readRanges(
      traceOf([
        monitored(1, 160, { component: 7, edge: 1 }),
        monitored(2, 160, { component: 7, edge: 2 }),
        monitored(3, 160, { component: 8, edge: 1 }),
        monitored(4, 160, { component: 9, edge: 1 }),
        monitored(5, 160, { component: 7, edge: 1 }),
        monitored(6, 160, { component: 10, edge: 1 }),
        component(7, "nic.sys", "A network card"),
        component(8, "NULL", "Only described"),
        component(9, "only.sys", ""),
      ]),
    );
    expect(frames.map(({ point }) => point)).toEqual([0, 1, 2, 3, 0, 4]);
    expect(facts.points).toEqual([
      "component 7 edge 1: A network card (nic.sys)",
      "component 7 edge 2: A network card (nic.sys)",
      "component 8 edge 1: Only described",
      "component 9 edge 1: only.sys",
      "component 10 edge 1",
    ]);
  });

  it("of NDIS have the names that their provider lists", () => {
    const list = concat([Uint8Array.of(1), text("Ethernet 2"), new Bytes().u32(31).done(), halves(0)]);
    const events = [
      ndisPacket(1, payload(60), { data: fragment({ data: payload(60), layer: 31 }) }),
      event(5101, list, providers.ndis),
      event(5101, list.subarray(0, 22), providers.ndis),
      event(5101, new Uint8Array(0), providers.ndis),
    ];
    expect(factsOf(events).points).toEqual(["interface 31: Ethernet 2"]);
  });

  it("may be those of remote access and of the filtering platform", () => {
    const { facts, frames } = readRanges(
      traceOf([
        { at: moment(1), provider: providers.ras, id: 5001, data: rasPacket(payload(60)) },
        {
          at: moment(2),
          provider: providers.wfp,
          id: 60011,
          data: wfpPacket([10, 0, 0, 1], [10, 0, 0, 2], { protocol: 17, data: payload(30) }),
        },
        { at: moment(3), provider: providers.ras, id: 5002, data: rasPacket(payload(61)) },
      ]),
    );
    expect(facts.points).toEqual(["remote access (RAS)", "filtering platform (WFP)"]);
    expect(frames.map(({ point, linkType, data }) => [point, linkType, data.length])).toEqual([
      [0, 1, 60],
      [1, 101, 50],
      [0, 1, 61],
    ]);
  });

  it("beyond the limit keep apart, and have no names", () => {
    const events = Array.from({ length: limits.namedPoints + 3 }, (_, index) =>
      monitored(index, 160, { component: index, edge: 1 }),
    );
    const { facts, frames } = readRanges(traceOf(events));
    expect(facts.points?.length).toBe(limits.namedPoints);
    expect(new Set(frames.map(({ point }) => point)).size).toBe(events.length);
  });

  it("have names of bounded number and length", () => {
    const long = "x".repeat(limits.traceNameCharacters + 50);
    const many = Array.from({ length: limits.traceNames + 5 }, (_, id) =>
      component(id, "", id === 0 ? long : `n${id}`),
    );
    const seen = [0, limits.traceNames - 1, limits.traceNames];
    const { points } = factsOf([...seen.map((id) => monitored(1, 160, { component: id })), ...many]);
    expect(points?.map((name) => name.replace(/.*: /, ""))).toEqual([
      "x".repeat(limits.traceNameCharacters),
      `n${limits.traceNames - 1}`,
      `component ${limits.traceNames} edge 1`,
    ]);
  });
});

describe("the capture filter", () => {
  const mac = (last: number) => [0, 0x22, 0x48, 0x7b, 0xb3, last];
  const none4 = [0, 0, 0, 0];
  const transport = (protocol: number, ports: number[]) =>
    concat([Uint8Array.of(protocol), halves(...ports), Uint8Array.of(0)]);
  const filter = (id: 100 | 110, name: string, macs: number[][], types: number[], ips: number[][], rest: Uint8Array) =>
    event(
      id,
      concat([
        halves(1),
        text(name),
        Uint8Array.from(macs.flat()),
        halves(...types),
        Uint8Array.from(ips.flat()),
        rest,
      ]),
    );

  it("is told in words", () => {
    const zeros = [mac(0).map(() => 0), mac(0).map(() => 0)];
    const v6 = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    const events = [
      filter(100, "Kerberos", zeros, [0x800, 0], [[10, 1, 2, 3], none4], transport(6, [88, 0])),
      filter(100, "all", zeros, [0, 0], [none4, none4], transport(0, [0, 0])),
      filter(100, "card", [mac(1), mac(2)], [0, 100], [none4, none4], transport(50, [0, 0])),
      filter(110, "six", zeros, [0, 0], [v6, v6.map(() => 0)], transport(17, [53, 1053])),
      filter(100, "Kerberos", zeros, [0x800, 0], [[10, 1, 2, 3], none4], transport(6, [88, 0])),
    ];
    expect(factsOf(events).captureFilter).toBe(
      [
        "Kerberos: EtherType 0x0800, IP 10.1.2.3, TCP, port 88",
        "all",
        "card: MAC 00-22-48-7b-b3-01, MAC 00-22-48-7b-b3-02, VLAN 100, protocol 50",
        "six: IP fe80:0000:0000:0000:0000:0000:0000:0001, UDP, port 53, port 1053",
      ].join("; "),
    );
  });

  it("is not told where its event is too short", () => {
    const whole = concat([halves(1), text("n"), new Uint8Array(16 + 8), transport(6, [88, 0])]);
    for (let length = 0; length < whole.length; length++) {
      expect(factsOf([event(100, whole.subarray(0, length))])).not.toHaveProperty("captureFilter");
    }
    expect(factsOf([event(100, whole)]).captureFilter).toBe("n: TCP, port 88");
  });
});

describe("what Windows threw away", () => {
  const dropped = (ticks: number, dropReason: number) => monitored(ticks, 170, { dropReason });
  const reasons = (records: readonly Uint8Array[], drops: readonly TraceEvent[]) => {
    const all = [...records, ...drops.map((drop) => eventRecord(drop))];
    return readRanges(trace([buffer(all, { bufferBytes: 65_536 })])).facts.discarded;
  };
  const map = valueMap(
    "DropReason",
    [
      [902, "Not for us"],
      [1204, "No endpoint"],
      [7, ""],
    ],
    moment(1),
  );

  it("is told by reason, the most frequent first", () => {
    const drops = [dropped(1, 902), dropped(2, 8), dropped(3, 8), monitored(4, 160), dropped(5, 4_711), dropped(6, 8)];
    expect(reasons([], drops)).toEqual([
      { reason: "Filtered", count: 3, frames: [2, 3, 6] },
      { reason: "Not locally destined", count: 1, frames: [1] },
      { reason: "reason 4711", count: 1, frames: [5] },
    ]);
  });

  it("has the names of the file's own map", () => {
    expect(reasons([map], [dropped(1, 902), dropped(2, 1204), dropped(3, 8), dropped(4, 7)])).toEqual([
      { reason: "Not for us", count: 1, frames: [1] },
      { reason: "No endpoint", count: 1, frames: [2] },
      { reason: "Filtered", count: 1, frames: [3] },
      { reason: "reason 7", count: 1, frames: [4] },
    ]);
  });

  it("has names of the table where the map is another one, or damaged", () => {
    const others = [
      valueMap("EtherType", [[902, "wrong"]], moment(1)),
      classicRecord(providers.schema, 33, concat([guidBytes(providers.ndis), payload(80)]), moment(1)),
      classicRecord(providers.schema, 33, guidBytes(providers.pktMon), moment(1)),
      classicRecord(providers.schema, 33, concat([guidBytes(providers.pktMon), payload(16, 3)]), moment(1)),
      classicRecord(providers.schema, 32, payload(60), moment(1)),
    ];
    expect(reasons(others, [dropped(1, 902)])).toEqual([{ reason: "Not locally destined", count: 1, frames: [1] }]);
    for (let cut = 0; cut < map.length; cut += 3) {
      const part = map.slice();
      part.fill(0x7f, 0x40 + cut);
      expect(reasons([part], [dropped(1, 8)])?.length).toBe(1);
    }
  });

  it("keeps a bounded number of names, reasons and frames", () => {
    const names = Array.from({ length: limits.traceNames + 3 }, (_, code) => [code, `name ${code}`] as const);
    const long = valueMap("DropReason", names.slice(0, 1_500), moment(1));
    const more = valueMap("DropReason", names.slice(1_500, 3_000), moment(1));
    const most = valueMap("DropReason", names.slice(3_000), moment(1));
    const drops = Array.from({ length: limits.discardReasons + 4 }, (_, code) => dropped(code, 5_000 + code));
    const many = Array.from({ length: limits.framesPerStep + 9 }, (_, count) => dropped(900 + count, 5_000));
    const last = [limits.traceNames - 1, limits.traceNames].map((code) => dropped(1, code));
    const all = [long, more, most, ...[...last, ...drops, ...many].map((drop) => eventRecord(drop))];
    const found = readRanges(trace([buffer(all, { bufferBytes: 262_144 })])).facts.discarded ?? [];
    expect(found.length).toBe(limits.discardReasons + 1);
    expect(found.find(({ reason }) => reason === "other reasons")?.count).toBe(6);
    expect(found[0]).toMatchObject({ reason: "reason 5000", count: limits.framesPerStep + 10 });
    expect(found[0]?.frames.length).toBe(limits.framesPerStep);
    const texts = found.map(({ reason }) => reason);
    expect(texts).toContain(`name ${limits.traceNames - 1}`);
    expect(texts).toContain(`reason ${limits.traceNames}`);
  });
});

describe("the description that a trace brings of its events", () => {
  const told = (...schemas: Uint8Array[]) =>
    readRanges(trace([buffer([...schemas, eventRecord(monitored(1, 160))])])).problems.map(({ text: words }) => words);
  const known = [10, 6, 6, 6, 6, 6, 6, 6, 8, 8, 6, 6, 14];
  const schema = (id: number, types: readonly number[], provider: string = providers.pktMon) =>
    eventSchema(provider, id, types, moment(1));

  it("is the known one, or of other events", () => {
    expect(told(schema(160, known), schema(170, known), schema(1001, [20, 8, 8, 14, 10, 21], providers.ndis))).toEqual(
      [],
    );
    expect(told(schema(20, [1]), schema(160, [1], providers.ndis), schema(1001, [6], providers.pktMon))).toEqual([]);
    const record = schema(160, known);
    new DataView(record.buffer).setUint16(0, 0x60, true);
    expect(told(record.slice(0, 0x60))).toEqual([]);
  });

  it.each([
    ["a wider field", 160, known.with(10, 8)],
    ["another field", 170, [6, ...known]],
    ["no packet", 160, known.slice(0, -1)],
    ["a text in between", 160, known.with(3, 1)],
    ["a size behind the packet", 160, known.with(11, 14)],
  ])("is told where it has %s", (_, id, types) => {
    const text = `the trace describes event ${id} of PktMon otherwise than is known here: its packets may be read wrongly`;
    expect(told(schema(id, types), schema(id, types))).toEqual([text]);
  });

  it("is told where it is that of a count of values", () => {
    const record = schema(160, known);
    record[0x30 + 0x70] = 4;
    expect(told(record).length).toBe(1);
  });
});

describe("a trace without packets", () => {
  const told = (events: readonly TraceEvent[]) => readRanges(traceOf(events)).problems.map(({ text: words }) => words);

  it("says what it holds, and how to capture", () => {
    const other = "0123abcd-0000-1111-2222-333344445555";
    const events = [
      event(1001, payload(20), providers.dnsClient),
      event(3006, payload(20), providers.dnsClient),
      event(20, payload(20)),
      event(1, payload(20), other),
    ];
    expect(told(events)).toEqual([
      `the trace holds no packets, but events of DNS-Client, PktMon, {${other}}; capture packets with: netsh trace start capture=yes, or pktmon start --capture --pkt-size 0`,
    ]);
    expect(told([])).toEqual([expect.stringMatching(/no packets, but no events of any provider/)]);
    expect(told([...events, ndisPacket(90, payload(60))])).toEqual([]);
  });

  it("names some of many providers", () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      event(1, payload(20), `0123abcd-0000-1111-2222-3333444455${10 + index}`),
    );
    expect(told(many)[0]).toMatch(/5517\} and others;/);
  });

  it("may hold events that are called HTTP", () => {
    const http = { ...monitored(1, 160), data: monitorPacket({ data: payload(60), type: 4 }) };
    expect(told([http])).toEqual([expect.stringMatching(/no packets/)]);
  });
});
