import { describe, expect, test } from "vitest";
import type { CaptureFacts } from "../../src/model/capture-facts.ts";
import type { CaptureFormat } from "../../src/model/report.ts";
import { aboutLines } from "../../src/report/about-text.ts";

function told(about: CaptureFacts, format: CaptureFormat = "pcapng"): string[] {
  return aboutLines({ format, about }).flatMap(([name, text]) => (text === null ? [] : [`${name}: ${text}`]));
}

describe("what a capture says about itself", () => {
  test("is nothing where it says nothing", () => {
    expect(told({})).toEqual([]);
    expect(told({ names: [], points: [], comments: [], interfaces: [], lost: 0 })).toEqual([]);
  });

  test("are losses: packets, of a trace events", () => {
    const own = "by the capturing system's own count";
    expect(told({ lost: 1 })).toEqual([`lost: 1 packet, ${own}`]);
    expect(told({ lost: 7 })).toEqual([`lost: 7 packets, ${own}`]);
    expect(told({ lost: 7 }, "etl")).toEqual([`lost: 7 events, ${own}`]);
    expect(told({ lost: 1, lostBuffers: 1 }, "etl")).toEqual([`lost: 1 event and 1 buffer of events, ${own}`]);
    expect(told({ lostBuffers: 2 }, "etl")).toEqual([`lost: 2 buffers of events, ${own}`]);
  });

  test("are packets thrown away, with the frame to look at", () => {
    const reason = "INET: inspection drop";
    const discarded = [
      { reason, count: 1, frames: [13] },
      { reason, count: 9, frames: [4, 5] },
    ];
    expect(told({ discarded })).toEqual([
      `discarded: 1 packet: ${reason} (frame 13)`,
      `discarded: 9 packets: ${reason} (first in frame 4)`,
    ]);
  });

  test("are interfaces", () => {
    const [full, named, bare] = told({
      interfaces: [
        { name: "eth0", description: "a card", linkType: 1, snapLength: 128, received: 1, dropped: 0 },
        { description: "a card", dnsServers: ["10.0.0.1"], linkType: 4711 },
        { snapLength: null, addresses: [] },
      ],
    });
    expect(full).toBe("interface: eth0, a card, ETHERNET, at most 128 bytes of a frame, 1 packet received, 0 dropped");
    expect(named).toBe("interface: a card, link type 4711, DNS server 10.0.0.1");
    expect(bare).toBe("interface: unnamed");
  });
});
