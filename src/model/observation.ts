import type { Message } from "../../dissectors/registry.ts";
import type { Connection, Direction } from "./connection.ts";
import type { Instant } from "./time.ts";

/**
 * One dissected message and where it was seen. All values: nothing here points into the capture. Take fields by name:
 * some are made when they are asked for, so a copy by spreading lacks them.
 */
export interface Observation<M extends Message = Message> {
  /** The frame that completed the message. */
  readonly frame: number;
  /** The frame that carried its beginning. */
  readonly firstFrame: number;
  /** Every frame that carried a part of it, the completing one last; at most `limits.framesPerMessage`. */
  readonly frames: readonly number[];
  /** How many are listed. */
  readonly frameCount: number;
  readonly framesOmitted: number;
  readonly time: Instant;
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  readonly transport: "udp" | "tcp";
  /** TCP only. */
  readonly connection: Connection | null;
  readonly direction: Direction;
  /** TCP only: offset in its direction just behind the message (its header block, for HTTP). */
  readonly endOffset: number;
  readonly message: M;
  /** Messages found inside (tokens in HTTP headers), outermost first. */
  readonly inside: readonly Message[];
}
