import type { PacketEvent } from "./event-packets.ts";

/** Behind a text of UTF-16 that ends with a zero; null where it does not end. */
export function behindText({ view, end }: PacketEvent, at: number): number | null {
  for (let place = at; place + 2 <= end; place += 2) if (view.getUint16(place, true) === 0) return place + 2;
  return null;
}
