import fc from "fast-check";
import { expect, test } from "vitest";
import { Half } from "../../src/net/halves.ts";

/** The largest acknowledged segment, by remembering every segment: one that was sent again in other pieces proves nothing. */
class Remembering {
  largest = 0;
  #acked = 0;
  #sent: { at: number; end: number }[] = [];

  send(at: number, end: number): void {
    this.#sent = this.#sent.filter((one) => one.at >= end || one.end <= at);
    if (end > this.#acked) this.#sent.push({ at, end });
  }

  acknowledge(offset: number): void {
    if (offset <= this.#acked) return;
    this.#acked = offset;
    for (const { at, end } of this.#sent) if (end <= offset) this.largest = Math.max(this.largest, end - at);
    this.#sent = this.#sent.filter(({ end }) => end > offset);
  }
}

const event = fc.record({ isData: fc.boolean(), back: fc.nat({ max: 12 }), length: fc.integer({ min: 1, max: 9 }) });

test("the largest acknowledged segment is the one that remembering all would find", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const half = new Half();
      half.startAt(0);
      const all = new Remembering();
      let sent = 0;
      for (const { isData, back, length } of events) {
        const at = Math.max(0, sent - (back > 6 ? back : 0));
        if (isData) {
          half.measure(at, at + length);
          all.send(at, at + length);
          sent = Math.max(sent, at + length);
        } else {
          half.acknowledge(Math.max(0, sent - back));
          all.acknowledge(Math.max(0, sent - back));
        }
      }
      // Of a few segments a shorter one that was sent again is forgotten with the longer one before it: never too large.
      expect(half.tally.largestAcked).toBeLessThanOrEqual(all.largest);
      if (events.every(({ back }) => back <= 6)) expect(half.tally.largestAcked).toBe(all.largest);
    }),
    { numRuns: 500, seed: 11 },
  );
});
