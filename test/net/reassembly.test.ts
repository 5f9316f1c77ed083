import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Conversation } from "./conversation.ts";
import type { Captured } from "./packets.ts";
import { play, Recorder } from "./recorder.ts";

const letters = Array.from({ length: 300 }, (_, i) => String.fromCharCode(97 + (i % 26))).join("");

/** Segments [from, to) that cover `letters` in order, then disturbed: repeated, widened over neighbours, moved. */
const segmentation = fc
  .record({
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: letters.length - 1 }), { maxLength: 30 }),
    widen: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 31, maxLength: 31 }),
    repeat: fc.array(fc.nat({ max: 30 }), { maxLength: 10 }),
    moves: fc.array(fc.tuple(fc.nat({ max: 40 }), fc.integer({ min: 0, max: 6 })), { maxLength: 12 }),
  })
  .map(({ cuts, widen, repeat, moves }) => {
    const edges = [0, ...cuts.sort((a, b) => a - b), letters.length];
    const plain = edges.slice(1).map((to, i) => ({
      from: Math.max(0, (edges[i] ?? 0) - (widen[i] ?? 0)),
      to: Math.min(letters.length, to + (widen[30 - i] ?? 0)),
    }));
    const all = [...plain];
    for (const index of repeat) {
      const again = plain[index % plain.length];
      if (again !== undefined) all.splice((index * 7) % all.length, 0, again);
    }
    for (const [index, distance] of moves) {
      const [moved] = all.splice(index % all.length, 1);
      if (moved !== undefined) all.splice(Math.min(all.length, (index % (all.length + 1)) + distance), 0, moved);
    }
    return all;
  });

const isn = fc.oneof(fc.constant(0xffff_ffff), fc.constant(0x7fff_ffff), fc.integer({ min: 0, max: 0xffff_ffff }));

describe("whatever the segmentation, the bytes are the original's", () => {
  test.each([
    ["recognised by the first byte", 1],
    ["recognised by the tenth byte", 10],
  ])("%s", (_name, needed) => {
    fc.assert(
      fc.property(segmentation, isn, isn, (segments, clientIsn, serverIsn) => {
        const c = new Conversation({ clientIsn, serverIsn });
        const recorder = new Recorder();
        recorder.answer = (first) => (first.length < needed ? null : { protocol: "http", senderIsClient: true });
        const frames: Captured[] = [...c.handshake()];
        for (const { from, to } of segments) frames.push(c.client("A", from, 0, letters.slice(from, to)));
        play(frames, { recorder });
        expect(recorder.stream(1, 0)).toBe(letters);
        expect(recorder.connections).toHaveLength(1);
        expect(recorder.connections[0]).toMatchObject({ seen: [letters.length, 0], lost: [0, 0] });
      }),
      { numRuns: 200 },
    );
  });

  test("both directions, with acknowledgements that keep up", () => {
    fc.assert(
      fc.property(segmentation, segmentation, isn, (mine, yours, clientIsn) => {
        const c = new Conversation({ clientIsn });
        const frames: Captured[] = [...c.handshake()];
        const acks = [0, 0];
        for (let i = 0; i < Math.max(mine.length, yours.length); i += 1) {
          const [a, b] = [mine[i], yours[i]];
          if (a !== undefined) frames.push(c.client("A", a.from, acks[1] ?? 0, letters.slice(a.from, a.to)));
          if (b !== undefined) frames.push(c.server("A", b.from, acks[0] ?? 0, letters.slice(b.from, b.to)));
          acks[0] = reached(mine.slice(0, i + 1));
          acks[1] = reached(yours.slice(0, i + 1));
        }
        const { recorder } = play(frames);
        expect([recorder.stream(1, 0), recorder.stream(1, 1)]).toEqual([letters, letters]);
      }),
      { numRuns: 100 },
    );
  });
});

test("lost segments leave gaps of the right length, and the rest in its place", () => {
  fc.assert(
    fc.property(segmentation, fc.nat({ max: 20 }), (segments, victim) => {
      const c = new Conversation();
      const kept = segments.filter((_, index) => index !== victim % segments.length || index === 0);
      const frames = kept.map(({ from, to }) => c.client("A", from, 0, letters.slice(from, to)));
      const { recorder } = play([...c.handshake(), ...frames]);
      const held = new Set(kept.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)));
      const rebuilt = recorder.stream(1, 0).replace(/\[(\d+)\]/g, (_, length) => " ".repeat(Number(length)));
      const expected = [...letters].map((letter, at) => (held.has(at) ? letter : " ")).join("");
      expect(rebuilt.trimEnd()).toBe(expected.trimEnd());
    }),
    { numRuns: 100 },
  );
});

/** How far the bytes reach without a hole. */
function reached(segments: readonly { readonly from: number; readonly to: number }[]): number {
  const sorted = [...segments].sort((a, b) => a.from - b.from);
  let end = 0;
  for (const { from, to } of sorted) if (from <= end) end = Math.max(end, to);
  return end;
}
