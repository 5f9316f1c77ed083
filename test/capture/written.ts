import { payload } from "./build.ts";

/** A frame as the writers of captures take it. */
export interface WrittenFrame {
  readonly seconds: number;
  readonly nanos: number;
  readonly bytes: Uint8Array;
  /** Where absent, as long as `bytes`. */
  readonly wireLength?: number;
  /** LINKTYPE_ number; where absent, Ethernet. */
  readonly linkType?: number;
}

/** Frames whose times fit every format: whole milliseconds. */
export function someFrames(count: number, longest = 90): WrittenFrame[] {
  return Array.from({ length: count }, (_, index) => ({
    seconds: 1_700_000_000 + index,
    nanos: (index % 1000) * 1_000_000,
    bytes: payload(20 + ((index * 37) % longest), index),
  }));
}
