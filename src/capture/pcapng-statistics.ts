import { eachOption } from "./pcapng-options.ts";

const option = { received: 4, droppedByInterface: 5, droppedBySystem: 7 } as const;

/** What the capturing machine counted at one interface. */
export interface Counters {
  /** null where it did not say. */
  readonly received: number | null;
  readonly dropped: number | null;
}

/** Reads the body of an Interface Statistics Block, `view[at, end)`; draft-ietf-opsawg-pcapng 4.6. */
export function readStatistics(view: DataView, at: number, end: number, littleEndian: boolean): Counters {
  let received: number | null = null;
  let dropped: number | null = null;
  eachOption(view, at + 12, end, littleEndian, (code, place, length) => {
    if (length !== 8) return;
    const count = Number(view.getBigUint64(place, littleEndian));
    if (code === option.received) received = count;
    if (code === option.droppedByInterface || code === option.droppedBySystem) dropped = (dropped ?? 0) + count;
  });
  return { received, dropped };
}
