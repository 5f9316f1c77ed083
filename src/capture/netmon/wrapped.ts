import type { CaptureFacts } from "../../model/capture-facts.ts";
import type { FrameView } from "../../model/frame.ts";
import type { ProblemSink } from "../../model/problem.ts";
import { Discards } from "../etl/discards.ts";
import { dropReasons } from "../etl/drop-reasons.ts";
import { type EventPacket, newEventPacket, newPacketEvent, readEventPacket } from "../event-packets.ts";
import { readWfpBytes, type WfpLayout } from "../event-wfp.ts";
import type { MediaKind } from "./media.ts";
import { readNetEvent } from "./net-event.ts";
import type { ProcessTable } from "./processes.ts";
import { setFileTime } from "./times.ts";

const wfpLayouts: { readonly [kind in MediaKind]?: WfpLayout } = {
  wfp4: { address: 4, flow: 0 },
  wfp6: { address: 16, flow: 0 },
  wfp4Flow: { address: 4, flow: 8 },
  wfp6Flow: { address: 16, flow: 8 },
};

/** Version, and the length of the description of the radio signal. */
const WIRELESS_HEAD = 3;

/** Takes packets out of what Network Monitor and Message Analyzer wrapped them in. */
export class Wrapped {
  private readonly processes: ProcessTable;
  private readonly report: ProblemSink;
  private readonly event = newPacketEvent();
  private readonly discards = new Discards();
  /** What was unwrapped last, where it came as an event. */
  readonly packet = newEventPacket();
  readonly origin = { thread: 0, process: 0, processor: 0, timeLow: 0, timeHigh: 0 };

  constructor(processes: ProcessTable, report: ProblemSink) {
    this.processes = processes;
    this.report = report;
  }

  /**
   * Turns the frame in `view`, which lies in `file`, into its packet. `timed`: with a time in UTC, which replaces the
   * frame's own where that `isUtc` not; `none`: there is no packet in it.
   */
  unwrap(view: FrameView, file: DataView, kind: MediaKind, isUtc: boolean): "packet" | "timed" | "none" {
    if (kind === "wireless") return stripSignal(view, file);
    const event = this.event;
    event.bytes = view.bytes;
    event.view = file;
    event.start = view.start;
    event.end = view.end;
    if (kind === "event") return this.unwrapEvent(view, isUtc);
    const layout = wfpLayouts[kind];
    if (layout === undefined || readWfpBytes(layout, event, this.packet) === "short") return this.refuse(view);
    showPacket(view, this.packet);
    return "packet";
  }

  /** Whether the event that was unwrapped last holds a piece of a packet. */
  get isPiece(): boolean {
    return !this.packet.isFirst || !this.packet.isLast;
  }

  facts(): CaptureFacts {
    const discarded = this.discards.list(reasonOf);
    return discarded.length > 0 ? { discarded } : {};
  }

  private unwrapEvent(view: FrameView, isUtc: boolean): "packet" | "timed" | "none" {
    const packet = this.packet;
    const origin = this.origin;
    if (!readNetEvent(this.event, origin)) return this.refuse(view);
    const found = readEventPacket(this.event, packet);
    if (found === "short") return this.refuse(view);
    if (found === "other") return "none";
    showPacket(view, packet);
    if (packet.isSentByProcess) view.process = this.processes.ofId(origin.process);
    if (packet.isDropped && packet.isFirst) view.dropped = this.discards.add(packet.dropReason, view.number, reasonOf);
    if (isUtc || origin.timeHigh === 0) return "packet";
    setFileTime(view, origin.timeHigh, origin.timeLow);
    return "timed";
  }

  private refuse({ number }: FrameView): "none" {
    this.report({ text: "the frame ends before the packet in it begins; it is left out", frame: number });
    return "none";
  }
}

function reasonOf(reason: number): string {
  return dropReasons[reason] ?? `reason ${reason}`;
}

function showPacket(view: FrameView, packet: EventPacket): void {
  view.bytes = packet.bytes;
  view.start = packet.start;
  view.end = packet.end;
  view.wireLength = packet.wireLength;
  view.linkType = packet.linkType;
  view.point = packet.point;
}

/** u8 version, u16 length of all that is said of the radio signal, then 802.11. */
function stripSignal(view: FrameView, file: DataView): "packet" {
  const captured = view.end - view.start;
  const length = captured < WIRELESS_HEAD ? captured : Math.min(captured, file.getUint16(view.start + 1, true));
  view.start += length;
  view.wireLength -= length;
  return "packet";
}
