import { ndisPacketCapture, ndisPacketEvents, readNdisPacket } from "./event-ndis.ts";
import { pktMon, pktMonPacketEvents, readPktMonPacket } from "./event-pktmon.ts";
import { ras, rasPacketEvents, readRasPacket } from "./event-ras.ts";
import { readWfpPacket, wfp, wfpPacketEvents } from "./event-wfp.ts";
import { isGuid } from "./guid.ts";

/**
 * An event of Windows tracing, wherever it was saved: in an event trace log, or as a frame of Network Monitor. One
 * object may serve for all events of a file.
 */
export interface PacketEvent {
  bytes: Uint8Array;
  /** Over all of `bytes`. */
  view: DataView;
  /** Where the 16 bytes of the provider's GUID stand. */
  provider: number;
  id: number;
  keywordsLow: number;
  keywordsHigh: number;
  /** The user data: `bytes[start, end)`. */
  start: number;
  end: number;
}

/** Who logged a packet. */
export type PacketSource = "ndis" | "pktmon" | "ras" | "wfp";

/** The packet, or the piece of one, that an event holds. One object may serve for all events of a file. */
export interface EventPacket {
  /** Those of the event, or `made`. */
  bytes: Uint8Array;
  /** Room for a packet whose header had to be made up. */
  readonly made: Uint8Array;
  start: number;
  end: number;
  /** At least `end - start`; of a piece, its own bytes. */
  wireLength: number;
  /** LINKTYPE_ number. */
  linkType: number;
  /** As `FrameView.point`; of 32 bits. */
  point: number;
  source: PacketSource;
  /** A packet may come in several events: the first and the last of them, both in one that is whole. */
  isFirst: boolean;
  isLast: boolean;
  /** Cut by the capture, whatever the lengths say: its provider says so. */
  isCut: boolean;
  /** The pieces of a packet come from the same miniport, the same layer, the same processor and thread. */
  miniport: number;
  layer: number;
  /** It was about to leave the machine, and the process of the event's header may be the one that sent it. */
  isSentByProcess: boolean;
  /** Thrown away by Windows at this point. */
  isDropped: boolean;
  /** Number of the reason, of PktMon; `NO_REASON`: none is ever given. */
  dropReason: number;
}

/** An IPv6 header and the longest body. */
const LARGEST_MADE = 40 + 0xffff;

export function newPacketEvent(): PacketEvent {
  const bytes = new Uint8Array(0);
  const view = new DataView(bytes.buffer);
  return { bytes, view, provider: 0, id: 0, keywordsLow: 0, keywordsHigh: 0, start: 0, end: 0 };
}

export function newEventPacket(): EventPacket {
  return {
    bytes: new Uint8Array(0),
    made: new Uint8Array(LARGEST_MADE),
    start: 0,
    end: 0,
    wireLength: 0,
    linkType: 0,
    point: -1,
    source: "ndis",
    isFirst: true,
    isLast: true,
    isCut: false,
    miniport: 0,
    layer: 0,
    isSentByProcess: false,
    isDropped: false,
    dropReason: 0,
  };
}

/** `packet`: one was read; `other`: the event holds none; `short`: it ends before its packet begins. */
export type EventReading = "packet" | "other" | "short";

const readers = [
  { source: "ndis", guid: ndisPacketCapture, ids: ndisPacketEvents, read: readNdisPacket },
  { source: "pktmon", guid: pktMon, ids: pktMonPacketEvents, read: readPktMonPacket },
  { source: "ras", guid: ras, ids: rasPacketEvents, read: readRasPacket },
  { source: "wfp", guid: wfp, ids: wfpPacketEvents, read: readWfpPacket },
] as const;

/** Whether an event of the provider whose GUID stands at `at` holds a packet, or a piece of one. */
export function holdsPacket(view: DataView, at: number, id: number): boolean {
  const first = view.getUint32(at, true);
  for (const { guid, ids } of readers) {
    if (guid[0] === first && isGuid(view, at, guid)) return ids.includes(id);
  }
  return false;
}

/** Reads the packet of an event of any provider that is known to log packets into `packet`. */
export function readEventPacket(event: PacketEvent, packet: EventPacket): EventReading {
  const first = event.view.getUint32(event.provider, true);
  for (const { source, guid, read } of readers) {
    if (guid[0] !== first || !isGuid(event.view, event.provider, guid)) continue;
    packet.source = source;
    return read(event, wholePacket(event, packet));
  }
  return "other";
}

/** What holds for most packets; a provider changes what it knows better. */
function wholePacket(event: PacketEvent, packet: EventPacket): EventPacket {
  packet.bytes = event.bytes;
  packet.isFirst = true;
  packet.isLast = true;
  packet.isCut = false;
  packet.isSentByProcess = false;
  packet.isDropped = false;
  packet.dropReason = 0;
  return packet;
}
