import type { PacketEvent } from "../event-packets.ts";

/** The header of an event in memory (evntcons.h, EVENT_RECORD), as Network Monitor saves it. */
const HEADER = 89;
const place = {
  thread: 8,
  process: 12,
  time: 16,
  provider: 24,
  id: 40,
  keywords: 48,
  processor: 80,
  extendedItems: 84,
  userData: 86,
} as const;
/** Reserved, type, linkage, size. */
const EXTENDED_ITEM = 8;

/** What stands in the header of an event beside its packet. */
export interface EventOrigin {
  thread: number;
  process: number;
  processor: number;
  /** FILETIME, in two halves. */
  timeLow: number;
  timeHigh: number;
}

/** Reads the event in `bytes[start, end)` of `event`, which is set to its user data; false where it is cut. */
export function readNetEvent(event: PacketEvent, origin: EventOrigin): boolean {
  const { view, start, end } = event;
  if (start + HEADER > end) return false;
  origin.thread = view.getUint32(start + place.thread, true);
  origin.processor = view.getUint8(start + place.processor);
  origin.process = view.getUint32(start + place.process, true);
  origin.timeLow = view.getUint32(start + place.time, true);
  origin.timeHigh = view.getUint32(start + place.time + 4, true);
  event.provider = start + place.provider;
  event.id = view.getUint16(start + place.id, true);
  event.keywordsLow = view.getUint32(start + place.keywords, true);
  event.keywordsHigh = view.getUint32(start + place.keywords + 4, true);
  let at = start + HEADER;
  for (let items = view.getUint16(start + place.extendedItems, true); items > 0; items--) {
    if (at + EXTENDED_ITEM > end) return false;
    at += EXTENDED_ITEM + view.getUint16(at + 6, true);
  }
  event.start = at;
  event.end = Math.min(end, at + view.getUint16(start + place.userData, true));
  return at <= end;
}
