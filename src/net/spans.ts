import type { Buffers } from "../bytes/buffers.ts";

/** Bytes of one frame at their place among others; fewer than `end - at` where a snap length cut them. */
export interface Span {
  readonly at: number;
  readonly end: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly frame: number;
}

/** Where the bytes of a span come from. */
interface Source {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly captured: number;
  readonly frame: number;
}

/** What a held span costs besides its bytes: counted, so that a million one-byte pieces are no way around a limit. */
export const SPAN_OVERHEAD = 256;

/**
 * Copies what `bytes[start, start + captured)` adds to `spans` at [at, end) and returns its cost in bytes; 0: nothing.
 *
 * `spans` is sorted and free of overlaps and stays so: bytes that came first win.
 */
export function insertSpan(spans: Span[], at: number, end: number, source: Source, buffers: Buffers): number {
  let slot = firstBeyond(spans, at);
  let cost = 0;
  let from = at;
  while (from < end) {
    const next = spans[slot];
    const to = next === undefined ? end : Math.min(end, next.at);
    if (to > from) {
      const bytes = part(source, from - at, to - at, buffers);
      spans.splice(slot, 0, { at: from, end: to, bytes, frame: source.frame });
      cost += bytes.length + SPAN_OVERHEAD;
      slot += 1;
    }
    if (next === undefined) break;
    from = Math.max(from, next.end);
    slot += 1;
  }
  return cost;
}

/** Number of the first of `spans`, as `insertSpan` keeps them, that ends behind `place`. */
export function firstBeyond(spans: readonly Span[], place: number): number {
  let high = spans.length;
  if ((spans[high - 1]?.end ?? 0) <= place) return high;
  let low = 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.end ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function spanCost(span: Span): number {
  return span.bytes.length + SPAN_OVERHEAD;
}

function part({ bytes, start, captured }: Source, from: number, to: number, buffers: Buffers): Uint8Array<ArrayBuffer> {
  return buffers.copy(bytes, start + Math.min(from, captured), start + Math.min(to, captured));
}
