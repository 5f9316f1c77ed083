import { ndisPacketCapture } from "../event-ndis.ts";
import { pktMon } from "../event-pktmon.ts";
import { isGuid } from "../guid.ts";

/** TRACE_EVENT_INFO: where the event's id and its properties stand, and what one of these takes. */
const ID_AT = 0x20;
const COUNT_AT = 0x64;
const PROPERTIES_AT = 0x70;
const PROPERTY = 24;
const STRUCT_OR_COUNTED = 0x1 | 0x4;

/** Bytes of a value by its TDH_INTYPE. */
const sizes: { readonly [inType: number]: number } = { 3: 1, 4: 1, 5: 2, 6: 2, 7: 4, 8: 4, 9: 8, 10: 8, 20: 4, 21: 8 };
const BINARY = 14;

/** The packet events that are read with fixed offsets: the bytes of each field up to the packet. */
const layouts = [
  { name: "PktMon", guid: pktMon, ids: [160, 170], fields: [8, 2, 2, 2, 2, 2, 2, 2, 4, 4, 2, 2] },
  { name: "NDIS-PacketCapture", guid: ndisPacketCapture, ids: [1001], fields: [4, 4, 4] },
] as const;

/**
 * A sentence of complaint where a trace's own description of an event that holds packets, `view[at, end)`, is another
 * than the one that is read here; null where they agree, and for all other events.
 */
export function complaintAboutSchema(view: DataView, at: number, end: number): string | null {
  if (at + PROPERTIES_AT > end) return null;
  const id = view.getUint16(at + ID_AT, true);
  const layout = layouts.find(({ guid, ids }) => ids.some((one) => one === id) && isGuid(view, at, guid));
  if (layout === undefined) return null;
  const { name, fields } = layout;
  if (
    fields.length < view.getUint32(at + COUNT_AT, true) &&
    at + PROPERTIES_AT + (fields.length + 1) * PROPERTY <= end
  ) {
    const isKnown = fields.every((size, index) => sizeOf(view, at, index) === size);
    if (isKnown && inTypeOf(view, at, fields.length) === BINARY) return null;
  }
  return `the trace describes event ${id} of ${name} otherwise than is known here: its packets may be read wrongly`;
}

function inTypeOf(view: DataView, at: number, index: number): number {
  return view.getUint16(at + PROPERTIES_AT + index * PROPERTY + 8, true);
}

function sizeOf(view: DataView, at: number, index: number): number | undefined {
  const flags = view.getUint32(at + PROPERTIES_AT + index * PROPERTY, true);
  return (flags & STRUCT_OR_COUNTED) === 0 ? sizes[inTypeOf(view, at, index)] : undefined;
}
