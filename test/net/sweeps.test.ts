import fc from "fast-check";
import { expect, test } from "vitest";
import { FlowBook } from "../../src/net/flow-book.ts";
import { FIN_SEEN, IGNORED, RESET, SYN_SENT, UNDECIDED, WANTED } from "../../src/net/flows.ts";
import { newPacket } from "../../src/net/packet.ts";
import { newSegment } from "../../src/net/segment.ts";
import { idlestOf, idlestRows } from "../../src/net/sweeps.ts";

/** What leaves first; `marks` and `stream` as of a row. */
const kinds = [
  { rank: 0, state: IGNORED, marks: RESET, stream: 0 },
  { rank: 0, state: IGNORED, marks: FIN_SEEN | (FIN_SEEN << 1), stream: 0 },
  { rank: 1, state: SYN_SENT, marks: 0, stream: 0 },
  { rank: 2, state: WANTED, marks: RESET, stream: 9 },
  { rank: 3, state: UNDECIDED, marks: FIN_SEEN, stream: 0 },
  { rank: 3, state: WANTED, marks: 0, stream: 4 },
] as const;

const flow = fc.record({
  kind: fc.constantFrom(...kinds),
  micros: fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), fc.integer({ min: 0, max: 200_000_000 })),
});

test("those that ended leave first, then SYNs without answer, then what is read to its end, then the idlest", () => {
  const crowd = fc.array(flow, { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(crowd, fc.integer({ min: 1, max: 2_000 }), (flows, limit) => {
      const packet = newPacket();
      const book = new FlowBook(1_024, 7, packet);
      const at = (micros: number) =>
        Object.assign(packet, {
          seconds: 1_000 + Math.floor(micros / 1e6),
          nanos: (((micros % 1e6) + 1e6) % 1e6) * 1e3,
        });
      const rows = flows.map(({ kind, micros }, number) => {
        at(micros);
        Object.assign(packet, { src: number + 1, dst: -1, frame: number + 1 });
        expect(book.flows.find(packet, 1, 2)).toBe(-1);
        const row = book.add({ ...newSegment(), sport: 1, dport: 2 });
        book.turnClock();
        book.touch(row);
        book.mark(row, kind.marks);
        book.setState(row, kind.state);
        book.setStream(row, kind.stream);
        return { row, rank: kind.rank, micros, number };
      });
      at(200_000_000);
      book.turnClock();
      const leaving = (some: typeof rows) =>
        [...some]
          .sort((a, b) => a.rank - b.rank || a.micros - b.micros || a.number - b.number)
          .slice(0, Math.max(1, limit >> 4))
          .sort((a, b) => a.number - b.number)
          .map(({ row }) => row);
      expect(idlestRows(book, limit)).toEqual(leaving(rows));
      const some = rows.filter(({ number }) => number % 5 !== 3);
      expect(
        idlestOf(
          book,
          some.map(({ row }) => row),
          limit,
        ),
      ).toEqual(leaving(some));
    }),
  );
});
