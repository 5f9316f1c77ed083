import type { Message } from "../../dissectors/registry.ts";
import type { Connection, Direction } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { Instant } from "../model/time.ts";
import type { ListedFrames } from "./frame-list.ts";

/** Where a message was seen. */
export interface Place {
  /** The frame that completed it. */
  frame: number;
  /** All of its frames; null where `frame` carried all of it. */
  several: ListedFrames | null;
  time: Instant;
  src: string;
  dst: string;
  sport: number;
  dport: number;
  connection: Connection | null;
  direction: Direction;
  endOffset: number;
}

/** An observation as thousands are kept of it at a time: what follows from the rest is told when it is asked for. */
export class Sighting implements Observation {
  readonly frame: number;
  readonly time: Instant;
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  readonly connection: Connection | null;
  readonly direction: Direction;
  readonly endOffset: number;
  readonly message: Message;
  readonly inside: readonly Message[];
  private readonly several: ListedFrames | null;

  constructor(place: Place, message: Message, inside: readonly Message[]) {
    this.frame = place.frame;
    this.time = place.time;
    this.src = place.src;
    this.dst = place.dst;
    this.sport = place.sport;
    this.dport = place.dport;
    this.connection = place.connection;
    this.direction = place.direction;
    this.endOffset = place.endOffset;
    this.message = message;
    this.inside = inside;
    this.several = place.several;
  }

  get firstFrame(): number {
    return this.several?.frames[0] ?? this.frame;
  }

  get frames(): readonly number[] {
    return this.several === null ? [this.frame] : this.several.frames;
  }

  get frameCount(): number {
    return this.several === null ? 1 : this.several.frames.length;
  }

  get framesOmitted(): number {
    return this.several === null ? 0 : this.several.framesOmitted;
  }

  get transport(): "udp" | "tcp" {
    return this.connection === null ? "udp" : "tcp";
  }

  /** All of it as a plain value: what `JSON.stringify` prints. */
  toJSON(): Observation {
    const { several, ...kept } = this;
    const { firstFrame, frames, frameCount, framesOmitted, transport } = this;
    return { ...kept, firstFrame, frames, frameCount, framesOmitted, transport };
  }
}
