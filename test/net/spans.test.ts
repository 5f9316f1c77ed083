import fc from "fast-check";
import { expect, test } from "vitest";
import { Buffers } from "../../src/bytes/buffers.ts";
import { firstBeyond, insertSpan, type Span, spanCost } from "../../src/net/spans.ts";

const piece = fc.record({ at: fc.nat({ max: 60 }), length: fc.integer({ min: 1, max: 20 }), cut: fc.nat({ max: 5 }) });

test("the first bytes win, nothing overlaps, and the cost is what is held", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const buffers = new Buffers();
      const spans: Span[] = [];
      const owner = new Map<number, number>();
      let cost = 0;
      pieces.forEach(({ at, length, cut }, index) => {
        const captured = Math.max(0, length - cut);
        const bytes = new Uint8Array(length + 4).fill(index);
        cost += insertSpan(spans, at, at + length, { bytes, start: 2, captured, frame: index }, buffers);
        for (let i = at; i < at + length; i += 1) if (!owner.has(i)) owner.set(i, index);
      });
      const seen = new Map<number, number>();
      let last = 0;
      for (const span of spans) {
        expect(span.at).toBeGreaterThanOrEqual(last);
        expect(span.bytes.length).toBeLessThanOrEqual(span.end - span.at);
        expect(new Set(span.bytes).size).toBeLessThanOrEqual(1);
        for (let i = span.at; i < span.end; i += 1) seen.set(i, span.frame);
        last = span.end;
      }
      for (let place = 0; place < 90; place += 1) {
        const found = spans.findIndex(({ end }) => end > place);
        expect(firstBeyond(spans, place)).toBe(found < 0 ? spans.length : found);
      }
      expect([...seen].sort()).toEqual([...owner].sort());
      expect(spans.reduce((sum, span) => sum + spanCost(span), 0)).toBe(cost);
    }),
  );
});
