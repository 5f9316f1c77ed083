import { limits } from "../../bytes/limits.ts";
import type { EventPacket, PacketSource } from "../event-packets.ts";
import type { TraceNotes } from "./notes.ts";

interface Point {
  readonly source: PacketSource;
  /** `EventPacket.point`. */
  readonly key: number;
  readonly layer: number;
}

/** The points of the network stack at which packets were logged, numbered as they come. */
export class CapturePoints {
  private readonly numbers = new Map<number, number>();
  private readonly points: Point[] = [];
  private lastKey = -1;
  private lastNumber = -1;

  /** The number of the point at which a packet was logged. */
  numberOf({ point: key, source, layer }: EventPacket): number {
    if (key === this.lastKey) return this.lastNumber;
    let number = this.numbers.get(key);
    if (number === undefined) {
      if (this.points.length >= limits.namedPoints) return limits.namedPoints + key;
      number = this.points.length;
      this.numbers.set(key, number);
      this.points.push({ source, key, layer });
    }
    this.lastKey = key;
    this.lastNumber = number;
    return number;
  }

  /** In the order of their numbers. */
  names(notes: TraceNotes): string[] {
    return this.points.map((point) => nameOf(point, notes));
  }
}

function nameOf({ source, key, layer }: Point, notes: TraceNotes): string {
  if (source === "ndis") return named(`interface ${layer}`, notes.interfaceName(layer));
  if (source === "ras") return "remote access (RAS)";
  if (source === "wfp") return "filtering platform (WFP)";
  const component = key >>> 16;
  return named(`component ${component} edge ${key & 0xffff}`, notes.componentName(component));
}

function named(place: string, name: string | undefined): string {
  return name === undefined || name === "" ? place : `${place}: ${name}`;
}
