import { limits } from "../../bytes/limits.ts";
import type { ProblemSink } from "../../model/problem.ts";
import { ndisPacketCapture } from "../event-ndis.ts";
import { pktMon } from "../event-pktmon.ts";
import { guidOf, isGuid } from "../guid.ts";
import { dropReasons } from "./drop-reasons.ts";
import { filterText } from "./filter-text.ts";
import { CLASSIC_HEADER, EVENT_HEADER, userDataAt } from "./records.ts";
import { complaintAboutSchema } from "./schemas.ts";
import { utf16At } from "./utf16.ts";

/** Descriptions of events and of their values, in files that were merged or written anew. */
const schemas = guidOf("bbccf6c1-6cd1-48c4-80ff-839482e37671");
const EVENT_SCHEMA = 32;
const VALUE_MAP = 33;

/** Events of PktMon. */
const pktMonEvent = { component: 20, filter4: 100, filter6: 110 } as const;
/** Event of NDIS-PacketCapture: an interface, found at the start. */
const INTERFACE = 5101;

/** What an event trace log says about its packets in events that hold none; mostly at the end of the file. */
export class TraceNotes {
  /** Capture filters, in the words of the file. */
  readonly filters: string[] = [];
  /** PktMon's components: description and driver. */
  private readonly components = new Map<number, string>();
  /** Interfaces by their index. */
  private readonly interfaces = new Map<number, string>();
  private readonly reasons = new Map<number, string>();
  private readonly report: ProblemSink;
  private readonly told = new Set<string>();

  constructor(report: ProblemSink) {
    this.report = report;
  }

  /** Why PktMon dropped a packet, in the words of the file or of the table. */
  reasonOf(code: number): string {
    return this.reasons.get(code) ?? dropReasons[code] ?? `reason ${code}`;
  }

  componentName(component: number): string | undefined {
    return this.components.get(component);
  }

  interfaceName(index: number): string | undefined {
    return this.interfaces.get(index);
  }

  /** Looks at a manifest event, `view[at, at + size)`. */
  noteEvent(view: DataView, at: number, size: number): void {
    const provider = at + 0x18;
    const id = view.getUint16(at + 0x28, true);
    const isPktMon = isGuid(view, provider, pktMon);
    if (!isPktMon && !(id === INTERFACE && isGuid(view, provider, ndisPacketCapture))) return;
    const start = userDataAt(view, at, size);
    if (start === null || size < EVENT_HEADER) return;
    const end = at + size;
    if (!isPktMon) this.noteInterface(view, start, end);
    else if (id === pktMonEvent.component) this.noteComponent(view, start, end);
    else if (id === pktMonEvent.filter4) this.noteFilter(filterText(view, start, end, 4));
    else if (id === pktMonEvent.filter6) this.noteFilter(filterText(view, start, end, 16));
  }

  /** Looks at a classic event, `view[at, at + size)`: TRACE_EVENT_INFO or EVENT_MAP_INFO. */
  noteClassic(view: DataView, at: number, size: number): void {
    if (!isGuid(view, at + 0x18, schemas)) return;
    const opcode = view.getUint8(at + 4);
    if (opcode === EVENT_SCHEMA) this.checkSchema(view, at + CLASSIC_HEADER, at + size);
    if (opcode === VALUE_MAP) this.noteMap(view, at + CLASSIC_HEADER, at + size);
  }

  private checkSchema(view: DataView, at: number, end: number): void {
    const text = complaintAboutSchema(view, at, end);
    if (text === null || this.told.has(text)) return;
    this.told.add(text);
    this.report({ text });
  }

  private noteMap(view: DataView, at: number, end: number): void {
    const map = at + 16;
    if (map + 16 > end || !isGuid(view, at, pktMon)) return;
    if (utf16At(view, map + view.getUint32(map, true), end).text !== "DropReason") return;
    const entries = Math.min(view.getUint32(map + 8, true), Math.floor((end - map - 16) / 8));
    for (let index = 0; index < entries && this.reasons.size < limits.traceNames; index++) {
      const entry = map + 16 + 8 * index;
      const { text } = utf16At(view, map + view.getUint32(entry, true), end);
      if (text !== "") this.reasons.set(view.getUint32(entry + 4, true), text);
    }
  }

  private noteComponent(view: DataView, start: number, end: number): void {
    if (start + 4 > end || this.components.size >= limits.traceNames) return;
    const { text: driver, next } = utf16At(view, start + 4, end);
    const { text: description } = utf16At(view, next, end);
    const hasDriver = driver !== "" && driver !== "NULL";
    const name = hasDriver && description !== "" ? `${description} (${driver})` : description || driver;
    this.components.set(view.getUint16(start, true), name);
  }

  private noteInterface(view: DataView, start: number, end: number): void {
    const { text, next } = utf16At(view, start + 1, end);
    if (next + 4 > end || text === "" || this.interfaces.size >= limits.traceNames) return;
    this.interfaces.set(view.getUint32(next, true), text);
  }

  private noteFilter(text: string | null): void {
    if (text === null || this.filters.includes(text) || this.filters.length >= FILTERS) return;
    this.filters.push(text);
  }
}

/** PktMon takes no more. */
const FILTERS = 32;
