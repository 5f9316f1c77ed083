import { Bytes, concat, payload } from "../build.ts";
import {
  fragment,
  keywords,
  monitorPacket,
  providers,
  rasPacket,
  switchFragment,
  text,
  wfpPacket,
} from "../event-data.ts";
import { buffer, eventRecord, eventSchema, moment, noise, type TraceEvent, trace, valueMap } from "./write-etl.ts";

/** A small trace with one event of every kind that is looked at. */
export function describedTrace(): Uint8Array {
  const event = (
    ticks: number,
    provider: string,
    id: number,
    data: Uint8Array,
    word: bigint = keywords.whole,
  ): TraceEvent => ({
    at: moment(ticks),
    provider,
    id,
    data,
    keywords: word,
  });
  const { ndis, pktMon, ras, wfp, dnsClient } = providers;
  const items = [
    { type: 2, data: payload(12) },
    { type: 13, data: payload(8) },
  ];
  const packets = [
    { ...event(1, ndis, 1001, fragment({ data: payload(60) })), items },
    event(2, ndis, 1003, switchFragment({ data: payload(60), destinations: [payload(8)] })),
    event(3, ras, 5001, rasPacket(payload(60))),
    event(
      4,
      wfp,
      60022,
      wfpPacket([...payload(16)], [...payload(16, 1)], { protocol: 17, data: payload(20), flow: 1n }),
    ),
    event(5, pktMon, 160, monitorPacket({ data: payload(60), type: 2 })),
    event(6, pktMon, 170, monitorPacket({ data: payload(60), dropReason: 902 })),
    event(7, ndis, 1001, fragment({ data: payload(30) }), keywords.start),
  ];
  const halves = (...values: number[]) => new Bytes().u16(...values).done();
  const notes = [
    event(8, pktMon, 20, concat([halves(10, 2), text("nic.sys"), text("NIC")])),
    event(9, pktMon, 100, concat([halves(1), text("all"), payload(31)])),
    event(10, ndis, 5101, concat([Uint8Array.of(1), text("Ethernet"), new Bytes().u32(12).done(), halves(0)])),
    event(11, dnsClient, 3008, payload(20)),
  ];
  const reasons = valueMap("DropReason", [[902, "Not for us"]], moment(12));
  const schema = eventSchema(ndis, 1001, [8, 8, 8, 14], moment(8));
  return trace([
    buffer([...packets.map((one) => eventRecord(one)), ...noise(moment(7))], { processor: 1, compression: "literals" }),
    buffer([schema, ...notes.map((one) => eventRecord(one)), reasons], { sequence: 2 }),
  ]);
}
