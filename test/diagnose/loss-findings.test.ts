import { describe, expect, test } from "vitest";
import { captureFindings } from "../../src/diagnose/capture-findings.ts";
import { lossFindings } from "../../src/diagnose/loss-findings.ts";
import type { CaptureFacts } from "../../src/model/capture-facts.ts";
import type { CaptureFormat, CaptureSummary } from "../../src/model/report.ts";

function summary(about: CaptureFacts, format: CaptureFormat = "etl", cutFrames = 0): CaptureSummary {
  const times = { firstTime: null, lastTime: null };
  return { name: "a", format, compression: null, linkTypes: [1], frames: 10, bytes: 900, cutFrames, ...times, about };
}
const found = (...about: CaptureFacts[]) => lossFindings(about.map((facts) => summary(facts)));
const drop = (reason: string, count: number, frames: readonly number[]) => ({ reason, count, frames });

describe("what captures say is missing in them", () => {
  test("is nothing where they say nothing", () => {
    expect(found({}, { os: "Windows", discarded: [], unfinished: false })).toEqual([]);
  });

  test("are packets, or events and whole buffers of them", () => {
    const detail = (format: CaptureFormat, about: CaptureFacts) => lossFindings([summary(about, format)])[0]?.detail;
    expect(detail("pcapng", { lost: 12 })).toMatch(/^By its own count 12 packets never came/);
    expect(detail("etl", { lost: 1, lostBuffers: 3 })).toMatch(
      /^By its own count 1 event and 3 buffers of events never/,
    );
    expect(detail("etl", { lostBuffers: 1 })).toMatch(/^By its own count 1 buffer of events never/);
    expect(found({ lost: 5 }, { lost: 6 })).toMatchObject([{ rule: "cap-lost", severity: "warning" }]);
    expect(found({ lost: 5 }, {}, { lost: 6 })[0]?.detail).toContain("11 events");
  });

  test("may be the end, and the beginning", () => {
    expect(found({ unfinished: true, overwritten: true }, { unfinished: true })).toMatchObject([
      { rule: "cap-unfinished", severity: "info" },
      { rule: "cap-overwritten", severity: "warning" },
    ]);
  });
});

describe("what Windows dropped", () => {
  const everyday = drop("INET: FIN-WAIT2", 2, [3, 9]);
  const blocked = drop("INET: inspection drop", 1, [5]);

  test("is worth a remark; a warning where it kept good packets from arriving", () => {
    expect(found({ discarded: [everyday] })).toMatchObject([
      { rule: "cap-discarded", severity: "info", frames: [3, 9], filter: "frame.number == 3 || frame.number == 9" },
    ]);
    const [finding] = found({ discarded: [everyday, blocked] });
    expect(finding).toMatchObject({ severity: "warning", frames: [5] });
    expect(finding?.detail).toBe(
      "3 packets went no further than the point at which they were dropped: INET: FIN-WAIT2 (2), INET: inspection drop (1).",
    );
    expect(finding?.confirm.join()).toMatch(/5152/);
  });

  test("is cited by capture where there are several, and not without end", () => {
    const many = Array.from({ length: 64 }, (_, frame) => frame + 1);
    const reasons = Array.from({ length: 7 }, (_, code) => drop(`reason ${code}`, 9, many));
    const [finding] = found({}, { discarded: reasons });
    expect(finding?.frames.length).toBe(16);
    expect(finding?.frames[0]).toEqual({ capture: 1, frame: 1 });
    expect(finding?.detail).toMatch(/reason 4 \(9\) and 2 more reasons\.$/);
    expect(found({ discarded: [drop("Filtered", 1, [1])] })[0]?.detail).toMatch(/^1 packet went .* it was dropped/);
  });
});

describe("packets cut by the capture", () => {
  const links = { undecoded: new Map(), sealed: new Map(), tunnels: new Map(), twins: { count: 0, frames: [] } };
  const cut = (...captures: CaptureSummary[]) =>
    captureFindings({ unpromoted: 0, hidesLogins: false }, captures, links)[0];

  test("of a trace are what pktmon does by default, and its remedy is named", () => {
    expect(cut(summary({}, "etl", 4))).toMatchObject({
      rule: "cap-truncated",
      detail: expect.stringMatching(/^4 of 10 frames.*pktmon keeps 128 bytes/),
      fix: [expect.stringMatching(/pktmon start --capture --pkt-size 0, or netsh/)],
    });
  });

  test("of another capture are not blamed on pktmon", () => {
    expect(cut(summary({}, "etl", 0), summary({}, "pcap", 4))?.detail).not.toContain("128");
  });
});
