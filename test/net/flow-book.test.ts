import { describe, expect, test } from "vitest";
import { FlowBook } from "../../src/net/flow-book.ts";
import { ACK_FRAME, COUNTS, SYN_FRAME } from "../../src/net/flow-details.ts";
import { DETAIL, FIN_SEEN, FOLDED, IGNORED, SYN_SENT } from "../../src/net/flows.ts";
import { newPacket } from "../../src/net/packet.ts";
import { newSegment } from "../../src/net/segment.ts";

/** A book, and what makes it a flow of which the packet `frame` has been read. */
function newBook(limit = 100_000) {
  const packet = { ...newPacket(), version: 4 as const, src: 1, dst: 2 };
  const book = new FlowBook(limit, 7, packet);
  const begin = (frame: number, side: 0 | 1 = 0) => {
    Object.assign(packet, { frame, seconds: 1_700_000_000 + frame, nanos: 1_000 * frame });
    Object.assign(packet, side === 0 ? { src: frame, dst: -1 } : { src: -1, dst: frame });
    const segment = { ...newSegment(), sport: 80, dport: 80, side };
    expect(book.flows.find(packet, 80, 80)).toBe(-1);
    const row = book.add(segment);
    book.count(row, book.flows.side);
    book.touch(row);
    return row;
  };
  return { book, packet, begin };
}

/** As a SYN leaves it. */
function synSent({ book }: { book: FlowBook }, row: number, side: 0 | 1, frame: number): void {
  book.learnBase(row, side, -5);
  book.learnClient(row, side);
  book.setDetail(row, SYN_FRAME, frame);
  book.setState(row, SYN_SENT);
}

describe("a folded row", () => {
  test.each([0, 1] as const)("of a SYN of side %i tells what it told before, and unfolds to it", (side) => {
    const room = newBook();
    const { book, begin } = room;
    begin(3);
    const row = begin(9, side);
    synSent(room, row, side, 9);
    const told = () => [book.firstFrame(row), book.firstTime(row), book.lastTime(row), book.stream(row)];
    const details = () => [book.base(row, side), book.detail(row, SYN_FRAME), book.detail(row, COUNTS)];
    const [before, kept] = [told(), details()];
    book.fold(row);
    expect(book.has(row, FOLDED)).toBe(true);
    expect(told()).toEqual(before);
    book.unfold(row);
    expect([told(), details()]).toEqual([before, kept]);
    expect(book.detail(row, ACK_FRAME)).toBe(0);
  });

  test("of an ignored flow keeps both bases and its marks", () => {
    const { book, begin } = newBook();
    const row = begin(1);
    book.learnBase(row, 0, 11);
    book.learnBase(row, 1, -12);
    book.mark(row, FIN_SEEN);
    book.setState(row, IGNORED);
    book.fold(row);
    expect([book.has(row, FOLDED), book.has(row, FIN_SEEN), book.state(row)]).toEqual([true, true, IGNORED]);
    book.unfold(row);
    expect([book.base(row, 0), book.base(row, 1), book.has(row, FIN_SEEN)]).toEqual([11, -12, true]);
  });

  test("is none where something would be lost: a repeated SYN, one base alone, a stream, an open connection", () => {
    const room = newBook();
    const { book, begin } = room;
    const [repeated, oneBase, streaming, open] = [begin(1), begin(2), begin(3), begin(4)] as const;
    synSent(room, repeated, 0, 1);
    book.count(repeated, 0);
    book.learnBase(oneBase, 0, 4);
    book.setState(oneBase, IGNORED);
    synSent(room, streaming, 0, 3);
    book.setStream(streaming, 1);
    for (const row of [repeated, oneBase, streaming, open]) {
      book.fold(row);
      expect(book.has(row, FOLDED)).toBe(false);
    }
  });

  test("gives its details to the next, so that a flood takes one", () => {
    const room = newBook();
    const used = new Set<number>();
    for (let frame = 1; frame <= 10_000; frame += 1) {
      const row = room.begin(frame);
      used.add(room.book.word(row, DETAIL));
      synSent(room, row, 0, frame);
      room.book.fold(row);
    }
    expect(used.size).toBe(1);
  });

  test("and others live side by side while the table grows", () => {
    const room = newBook(10_000);
    const { book } = room;
    const rows = Array.from({ length: 10_000 }, (_, at) => {
      const row = room.begin(at + 1);
      synSent(room, row, 0, at + 1);
      if (at % 2 === 0) book.fold(row);
      return row;
    });
    rows.forEach((row, at) => {
      expect(book.firstFrame(row)).toBe(at + 1);
      if (at % 3 === 0) book.remove(row);
      else book.unfold(row);
    });
    rows.forEach((row, at) => {
      if (at % 3 !== 0) expect([book.base(row, 0), book.detail(row, SYN_FRAME)]).toEqual([-5, at + 1]);
    });
  });
});
