import type { ProblemSink } from "../model/problem.ts";
import type { Source } from "./source.ts";

/** Packed bytes that were handed out so far: what a decompression bomb is measured by, also in nested layers. */
export interface Meter {
  consumed: number;
}

export type Bounds = { readonly [name in "inflatedBytes" | "inflatedFreely" | "inflationRatio"]: number };

/** What all layers of one input share. */
export interface Unpacking {
  readonly report: ProblemSink;
  readonly meter: Meter;
  readonly bounds: Bounds;
}

/** Bytes handed out in one go: so few that what comes out of them is measured against nearly what went in. */
const PORTION = 65_536;

/** Packed bytes as they are, in portions that are counted. */
export function portioned(source: Source, meter: Meter): Source {
  let rest: Uint8Array | null = new Uint8Array(0);
  return {
    async next() {
      if (rest === null || rest.length === 0) rest = await source.next();
      if (rest === null) return null;
      const portion = rest.subarray(0, PORTION);
      rest = rest.subarray(portion.length);
      meter.consumed += portion.length;
      return portion;
    },
    close: () => source.close(),
  };
}

/** Unpacked bytes, as long as they are no more than a capture gives. */
export function bounded(source: Source, { report, meter, bounds }: Unpacking): Source {
  let produced = 0;
  let stopped = false;
  return {
    async next() {
      const piece = stopped ? null : await source.next();
      produced += piece?.length ?? 0;
      const tooMuch = excess(produced, meter, bounds);
      if (tooMuch === null || stopped) return piece;
      stopped = true;
      report({ text: tooMuch });
      return null;
    },
    close: () => source.close(),
  };
}

function excess(produced: number, { consumed }: Meter, bounds: Bounds): string | null {
  if (produced > bounds.inflatedBytes) {
    return `the input inflates to more than ${bounds.inflatedBytes} bytes; the rest was not read`;
  }
  if (produced <= bounds.inflatedFreely || produced <= bounds.inflationRatio * consumed) return null;
  return `the input inflates to more than ${bounds.inflationRatio} times its size, as no capture does; the rest was not read`;
}
