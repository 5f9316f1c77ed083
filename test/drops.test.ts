import { describe, expect, test } from "vitest";
import { limits } from "../src/bytes/limits.ts";
import { Drops } from "../src/drops.ts";
import { concat } from "./capture/build.ts";
import { buffer, type EtlPacket, eventRecord, session, trace } from "./capture/etl/write-etl.ts";
import { monitorPacket, providers } from "./capture/event-data.ts";
import { readAll } from "./capture/read.ts";
import { sequence } from "./report/fixtures.ts";
import { captureOf } from "./scenarios.ts";
import { told } from "./whole/told.ts";

/** Packets that Windows threw away, and that a report rests on. */

const WFP = 909;
const STRAY = 1217;
const LATER_NANOS = 1_000;

interface Shown extends EtlPacket {
  readonly component: number;
  readonly dropReason?: number;
}

const packets = readAll(captureOf("success").bytes).frames.map(({ process: _, data, ...rest }) => ({
  ...rest,
  bytes: data,
}));
/** The completing frame of a step, as numbered in the sample. */
const frameOf = (step: number) =>
  told(captureOf("success").bytes, false)
    .sequences.find(({ kind }) => kind === "http")
    ?.steps.find((one) => one.step === step)
    ?.frames.at(-1);

/** A trace of PktMon that shows each packet at component 1, and what `more` says of it behind that. */
function traceOf(
  more: (number: number, packet: EtlPacket) => readonly Shown[],
  isFirst = (_: number) => true,
): Uint8Array {
  const shown = packets.flatMap((packet, index): Shown[] => [
    ...(isFirst(index + 1) ? [{ ...packet, component: 1 }] : []),
    ...more(index + 1, packet),
  ]);
  const records = shown.map((packet) =>
    eventRecord({
      at: packet,
      provider: providers.pktMon,
      id: packet.dropReason === undefined ? 160 : 170,
      data: monitorPacket({ data: packet.bytes, component: packet.component, dropReason: packet.dropReason ?? 0 }),
    }),
  );
  return trace([buffer(records, { bufferBytes: concat(records).length + 0x48 })], session);
}

function findingsOf(bytes: Uint8Array) {
  const login = told(bytes, true).sequences.find(({ kind }) => kind === "http");
  return (login?.findings ?? []).filter(({ rule }) => rule === "cap-discarded");
}

describe("a login of which Windows dropped a packet", () => {
  const answer = Number(frameOf(8));
  const dropAt = (component: number, dropReason: number) => (number: number, packet: EtlPacket) =>
    number === answer ? [{ ...packet, nanos: packet.nanos + LATER_NANOS, component, dropReason }] : [];

  test("says so, wherever else the packet was seen before", () => {
    expect(findingsOf(traceOf(() => []))).toEqual([]);
    const [finding, ...more] = findingsOf(traceOf(dropAt(2, WFP)));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: "warning", step: 8, frames: [answer] });
    expect(finding?.detail).toMatch(/^Of step 8 the capture .* dropped \(.*nspection.*\): unless they were sent again/);
    expect(finding?.confirm.join()).toMatch(/5152/);
  });

  test("says so where only the drop shows the packet", () => {
    const only = traceOf(dropAt(2, WFP), (number) => number !== answer);
    expect(findingsOf(only)).toMatchObject([{ severity: "warning", step: 8, frames: [answer] }]);
  });

  test("is told by the way where the reason is an everyday one", () => {
    expect(findingsOf(traceOf(dropAt(2, STRAY)))).toMatchObject([{ severity: "info" }]);
  });

  test("is not said to have lost it where the packet is seen further on", () => {
    const copies = (number: number, packet: EtlPacket) =>
      dropAt(2, WFP)(number, packet).flatMap((one) => [
        one,
        { ...packet, nanos: one.nanos + LATER_NANOS, component: 3 },
      ]);
    expect(findingsOf(traceOf(copies))).toEqual([]);
  });
});

describe("drops", () => {
  const reasons = (drops: Drops) => drops.beside(sequence()).findings.filter(({ rule }) => rule === "cap-discarded");
  const own = sequence()
    .steps.flatMap(({ frames }) => frames)
    .filter((frame) => typeof frame === "number");
  const [first = 0] = own;

  test("of several steps are one finding", () => {
    const drops = new Drops();
    for (const frame of own) drops.note(frame, "Filtered");
    const [finding, ...more] = reasons(drops);
    expect(more).toEqual([]);
    expect(finding?.detail).toMatch(/^Of steps \d(, \d)* and \d .*\(Filtered\)/);
  });

  test("more than are remembered are forgotten", () => {
    const drops = new Drops();
    drops.note(first, "Filtered");
    expect(reasons(drops)).toHaveLength(1);
    for (let frame = 1; frame <= limits.droppedFrames; frame++) drops.note(1_000_000 + frame, "Filtered");
    expect(reasons(drops)).toEqual([]);
  });
});
