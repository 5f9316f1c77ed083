import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import {
  type EventPacket,
  type EventReading,
  newEventPacket,
  newPacketEvent,
  readEventPacket,
} from "../../src/capture/event-packets.ts";
import { guidOf, guidText, isGuid } from "../../src/capture/guid.ts";
import { Bytes, concat, payload } from "./build.ts";
import {
  fragment,
  guidBytes,
  keywords,
  monitorPacket,
  providers,
  rasPacket,
  switchFragment,
  text,
  wfpPacket,
} from "./event-data.ts";

const MAC = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];

/** An IPv4 header that announces `total` bytes, and bytes behind it. */
function ipv4(total: number, bytes = total): Uint8Array {
  const packet = payload(bytes);
  packet.set([0x45, 0, total >> 8, total & 0xff, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
  return packet;
}

function ipv6(length: number, bytes: number): Uint8Array {
  const packet = payload(bytes);
  packet.set([0x60, 0, 0, 0, length >> 8, length & 0xff, 17, 64]);
  return packet;
}

const ethernet = (type: number, body: Uint8Array) => concat([Uint8Array.from([...MAC, type >> 8, type & 0xff]), body]);
const tagged = (body: Uint8Array) => ethernet(0x8100, concat([Uint8Array.of(0, 100, 0x08, 0x00), body]));

/** An 802.11 data frame of one address pair, with QoS and whatever its flags say. */
function wireless(control: number, flags: number, extra: number, body: Uint8Array): Uint8Array {
  const header = new Uint8Array(24 + extra);
  header.set([control, flags]);
  return concat([header, Uint8Array.of(0xaa, 0xaa, 3, 0, 0, 0, 8, 0), body]);
}

interface Read {
  readonly how: EventReading;
  readonly packet: EventPacket;
  readonly data: Uint8Array;
}

function read(provider: string, id: number, data: Uint8Array, word = 0n): Read {
  const event = newPacketEvent();
  event.bytes = concat([Uint8Array.of(9, 9, 9), guidBytes(provider), data, payload(40)]);
  event.view = new DataView(event.bytes.buffer);
  event.provider = 3;
  event.id = id;
  event.keywordsLow = Number(word & 0xffffffffn);
  event.keywordsHigh = Number(word >> 32n);
  event.start = 19;
  event.end = 19 + data.length;
  const packet = newEventPacket();
  const how = readEventPacket(event, packet);
  return { how, packet, data: packet.bytes.slice(packet.start, packet.end) };
}

const ndis = (id: number, data: Uint8Array, word: bigint) => read(providers.ndis, id, data, word | keywords.noise);
const whole = keywords.whole | keywords.ethernet;

describe("a GUID", () => {
  it("is compared and shown as it is written", () => {
    const bytes = guidBytes(providers.ndis);
    expect([...bytes.slice(0, 8)]).toEqual([0x6e, 0x00, 0xd6, 0x2e, 0x29, 0x47, 0x09, 0x46]);
    const view = new DataView(bytes.buffer);
    expect(guidText(view, 0)).toBe(providers.ndis);
    expect(isGuid(view, 0, guidOf(providers.ndis))).toBe(true);
    expect(isGuid(view, 0, guidOf(providers.pktMon))).toBe(false);
  });
});

describe("events of others", () => {
  it("hold no packets, whatever their number", () => {
    expect(read(providers.dnsClient, 1001, fragment({ data: payload(60) }), whole).how).toBe("other");
    expect(read("2ed6006e-4729-4609-b423-3ee7bcd678ee", 1001, fragment({ data: payload(60) }), whole).how).toBe(
      "other",
    );
  });

  it.each([
    [providers.ndis, 1002],
    [providers.ndis, 1011],
    [providers.pktMon, 20],
    [providers.ras, 5003],
    [providers.wfp, 2000],
  ])("of provider %s, event %i", (provider, id) => {
    expect(read(provider, id, payload(100), whole).how).toBe("other");
  });
});

describe("NDIS-PacketCapture", () => {
  it("gives a whole packet, not what newer systems write behind it", () => {
    const data = ethernet(0x0800, ipv4(60));
    const { packet, ...seen } = ndis(1001, fragment({ data, layer: 31, behind: payload(16) }), whole | keywords.send);
    expect(seen).toEqual({ how: "packet", data });
    expect(packet).toMatchObject({
      wireLength: data.length,
      linkType: 1,
      isFirst: true,
      isLast: true,
      isSentByProcess: true,
      miniport: 12,
      layer: 31,
    });
  });

  it("tells points apart by layer, and by port where there is a switch", () => {
    const points = [
      ndis(1001, fragment({ data: payload(60), layer: 12 }), whole),
      ndis(1001, fragment({ data: payload(60), layer: 31 }), whole),
      ndis(1003, switchFragment({ data: payload(60), layer: 12, port: 7 }), whole),
      ndis(1003, switchFragment({ data: payload(60), layer: 12, port: 8 }), whole),
      read(providers.pktMon, 160, monitorPacket({ data: payload(60), component: 0, edge: 12 })),
      read(providers.pktMon, 160, monitorPacket({ data: payload(60), component: 12, edge: 0 })),
    ].map(({ packet }) => packet.point);
    expect(new Set(points).size).toBe(points.length);
    expect(points.every((point) => Number.isSafeInteger(point) && point >= 0 && point < 2 ** 32)).toBe(true);
  });

  it("tells pieces from whole packets", () => {
    const data = fragment({ data: payload(60) });
    const kinds = [keywords.start, 0n, keywords.end, keywords.whole].map((word) => ndis(1001, data, word).packet);
    expect(kinds.map(({ isFirst, isLast }) => [isFirst, isLast])).toEqual([
      [true, false],
      [false, false],
      [false, true],
      [true, true],
    ]);
  });

  it("knows Wi-Fi, wireless WAN and its exceptions", () => {
    const ip = ipv4(60);
    const linkType = (data: Uint8Array, word: bigint) => ndis(1001, fragment({ data }), word).packet.linkType;
    expect(linkType(wireless(0x08, 1, 0, ip), keywords.whole | keywords.wireless)).toBe(105);
    expect(linkType(ip, keywords.whole | keywords.wirelessWan)).toBe(101);
    expect(linkType(ethernet(0x0800, ip), keywords.whole | keywords.wirelessWan)).toBe(1);
    expect(linkType(payload(60), keywords.whole | keywords.wirelessWan)).toBe(101);
  });

  const cut = whole | keywords.truncated;
  it.each([
    ["whole", ethernet(0x0800, ipv4(60)), whole, 74],
    ["padded", concat([ethernet(0x0800, ipv4(30)), new Uint8Array(16)]), whole, 60],
    ["cut without a word", ethernet(0x0800, ipv4(1308, 114)), whole, 1322],
    ["cut", ethernet(0x0800, ipv4(1308, 114)), cut, 1322],
    ["cut behind a VLAN tag", tagged(ipv4(1308, 114)), cut, 1326],
    ["cut IPv6", ethernet(0x86dd, ipv6(1000, 60)), cut, 14 + 40 + 1000],
    ["still to be segmented", ethernet(0x0800, ipv4(0, 3000)), whole, 3014],
    ["a jumbo payload", ethernet(0x86dd, ipv6(0, 3000)), whole, 3014],
    ["cut, and nothing says how much", ethernet(0x1234, payload(50)), cut, 65],
    ["cut in its Ethernet header", payload(10), cut, 11],
    ["cut in its IP header", ethernet(0x0800, ipv4(1308, 30).subarray(0, 3)), cut, 18],
    ["without a single byte", new Uint8Array(0), whole, 0],
  ])("length on the wire: %s", (_, data, word, expected) => {
    expect(ndis(1001, fragment({ data }), word).packet.wireLength).toBe(expected);
  });

  it("length on the wire: cut Wi-Fi and wireless WAN", () => {
    const length = (data: Uint8Array, word: bigint) => ndis(1001, fragment({ data }), word | cut).packet.wireLength;
    expect(length(wireless(0x08, 1, 0, ipv4(1308, 96)), keywords.wireless)).toBe(24 + 8 + 1308);
    expect(length(wireless(0x88, 0x43, 8 + 8, ipv4(1308, 90)), keywords.wireless)).toBe(24 + 16 + 8 + 1308);
    expect(length(ipv4(1308, 128), keywords.wirelessWan)).toBe(1308);
  });

  it("takes what is there where the size is a lie", () => {
    const { how, packet, data } = ndis(1001, fragment({ data: payload(60), size: 1000 }), whole);
    expect({ how, length: data.length, wireLength: packet.wireLength }).toEqual({
      how: "packet",
      length: 60,
      wireLength: 1000,
    });
    const huge = ndis(1001, fragment({ data: payload(60), size: 0xffffffff }), whole);
    expect(huge.packet.wireLength).toBe(limits.frameBytes);
  });

  it("finds the packet of a switch behind any number of destinations", () => {
    const data = ethernet(0x0800, ipv4(60));
    const long = () => concat([new Bytes().u32(3).done(), text("Port3"), text("Nic"), text("External")]);
    const lists = [[], [long()], [long(), long()], [payload(8)], [payload(8), payload(8, 3)], [payload(22)]];
    for (const destinations of lists) {
      const seen = ndis(1003, switchFragment({ data, destinations }), whole);
      expect(seen.how).toBe("packet");
      expect(seen.data).toEqual(data);
    }
  });

  it("says that an event is too short at every length", () => {
    const all = [fragment({ data: payload(0) }), switchFragment({ data: payload(0), outOfBand: payload(0) })];
    for (const [row, data] of all.entries()) {
      const end = data.length - row * 4;
      for (let length = 0; length < end; length++) {
        expect(ndis(row === 0 ? 1001 : 1003, data.subarray(0, length), whole).how).toBe("short");
      }
    }
    const lost = switchFragment({ data: payload(30), destinations: [payload(9)] });
    expect(ndis(1003, lost, whole).how).toBe("short");
  });
});

describe("PktMon", () => {
  const frame = ethernet(0x0800, ipv4(60));
  const radio = wireless(0x88, 1, 2, ipv4(60));
  const beacon = concat([Uint8Array.of(0x80, 0), payload(80)]);
  const arp = ethernet(0x0806, payload(46));
  const spanningTree = ethernet(0x0026, payload(46));
  it.each([
    ["Ethernet", 1, frame, 1],
    ["Ethernet with a tag", 1, tagged(ipv4(60)), 1],
    ["802.3 in Ethernet", 1, spanningTree, 1],
    ["802.11 called Ethernet", 1, radio, 105],
    ["802.11", 2, radio, 105],
    ["802.11 management", 2, beacon, 105],
    ["Ethernet called Wi-Fi", 2, frame, 1],
    ["ARP called Wi-Fi", 2, arp, 1],
    ["IP", 3, ipv4(60), 101],
    ["IPv6", 3, ipv6(20, 60), 101],
    ["Ethernet called IP", 3, frame, 1],
    ["neither, called IP", 3, payload(60), 101],
    ["unknown, Ethernet", 0, frame, 1],
    ["unknown, IP", 0, ipv4(60), 101],
    ["unknown, 802.11", 0, radio, 105],
    ["unknown, nothing known", 0, payload(60), 1],
    ["a type to come", 9, ipv4(60), 101],
  ])("link type: %s", (_, type, data, expected) => {
    const seen = read(providers.pktMon, 160, monitorPacket({ data, type }));
    expect(seen.data).toEqual(data);
    expect(seen.packet.linkType).toBe(expected);
  });

  it("leaves out what is HTTP and no packet", () => {
    expect(read(providers.pktMon, 160, monitorPacket({ data: payload(60), type: 4 })).how).toBe("other");
  });

  it("knows how long a cut packet was", () => {
    const { packet, data } = read(providers.pktMon, 160, monitorPacket({ data: frame, original: 1322 }));
    expect([data.length, packet.wireLength]).toEqual([frame.length, 1322]);
  });

  it("takes what is there where the logged size is a lie", () => {
    const { packet, data } = read(providers.pktMon, 160, monitorPacket({ data: frame, logged: 2000 }));
    expect([data.length, packet.wireLength]).toEqual([frame.length, 2000]);
  });

  it("marks what was dropped, and says why", () => {
    const { packet } = read(providers.pktMon, 170, monitorPacket({ data: frame, dropReason: 902 }));
    expect(packet).toMatchObject({ isDropped: true, dropReason: 902 });
    expect(read(providers.pktMon, 160, monitorPacket({ data: frame })).packet.isDropped).toBe(false);
  });

  it("says that an event is too short", () => {
    for (let length = 0; length < 34; length++) {
      expect(read(providers.pktMon, 160, monitorPacket({ data: frame }).subarray(0, length)).how).toBe("short");
    }
  });
});

describe("RAS", () => {
  it("gives the Ethernet packet behind the names", () => {
    const frame = ethernet(0x0800, ipv4(60));
    const { packet, ...seen } = read(providers.ras, 5001, concat([rasPacket(frame), payload(3)]));
    expect(seen).toEqual({ how: "packet", data: frame });
    expect(packet).toMatchObject({ linkType: 1, wireLength: 74, isFirst: true, isLast: true });
    for (let length = 0; length < rasPacket(payload(0)).length; length++) {
      expect(read(providers.ras, 5002, rasPacket(frame).subarray(0, length)).how).toBe("short");
    }
    expect(read(providers.ras, 5002, rasPacket(frame, 100)).packet.wireLength).toBe(100);
  });
});

describe("WFP", () => {
  const udp = Uint8Array.of(0, 53, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4);
  const rest = { protocol: 17, data: udp };
  it("makes up the IPv4 header", () => {
    for (const [id, flow] of [
      [60011, undefined],
      [60012, 5n],
    ] as const) {
      const data = wfpPacket([10, 0, 0, 1], [10, 0, 0, 2], flow === undefined ? rest : { ...rest, flow });
      const seen = read(providers.wfp, id, data);
      const header = [0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0x66, 0xcb, 10, 0, 0, 1, 10, 0, 0, 2];
      expect([...seen.data]).toEqual([...header, ...udp]);
      expect(seen.packet).toMatchObject({ linkType: 101, wireLength: 32 });
    }
  });

  it("makes up the IPv6 header", () => {
    const [from, to] = [Array.from({ length: 16 }, (_, at) => at), Array.from({ length: 16 }, (_, at) => 100 + at)];
    const seen = read(providers.wfp, 60022, wfpPacket(from, to, { ...rest, flow: 7n }));
    expect([...seen.data]).toEqual([0x60, 0, 0, 0, 0, 12, 17, 64, ...from, ...to, ...udp]);
    expect(read(providers.wfp, 60021, wfpPacket(from, to, rest)).data).toEqual(seen.data);
  });

  it("takes any length, and says when the event is too short", () => {
    const all = wfpPacket([10, 0, 0, 1], [10, 0, 0, 2], { ...rest, length: 0xffff, data: payload(0xffff) });
    const seen = read(providers.wfp, 60011, all);
    expect([seen.data.length, seen.data[2], seen.data[3]]).toEqual([20 + 0xffff, 0, 0]);
    const cut = read(providers.wfp, 60011, all.subarray(0, 100));
    expect([cut.data.length, cut.packet.wireLength]).toEqual([20 + 100 - 11, 20 + 0xffff]);
    for (let length = 0; length < 11; length++) {
      expect(read(providers.wfp, 60011, all.subarray(0, length)).how).toBe("short");
    }
  });
});
