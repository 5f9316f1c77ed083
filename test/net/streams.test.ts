import { describe, expect, test } from "vitest";
import { Conversation } from "./conversation.ts";
import { play } from "./recorder.ts";

const c = new Conversation();

function connectionOf(frames: Parameters<typeof play>[0]) {
  const { recorder, net } = play(frames);
  const [connection] = recorder.connections;
  if (connection === undefined) throw new Error("not opened");
  return { recorder, connection, net };
}

describe("bytes in order", () => {
  test("a request and its response", () => {
    const { recorder, connection } = connectionOf([
      ...c.handshake(),
      c.client("PA", 0, 0, "GET /"),
      c.server("A", 0, 5),
      c.server("PA", 0, 5, "HTTP"),
      c.client("FA", 5, 4),
      c.server("FA", 4, 6),
      c.client("A", 6, 5),
    ]);
    expect(recorder.log).toEqual(["opened 1 http 40000", "0@0 GET / #4<4", "1@0 HTTP #6<6", "finished 1"]);
    expect(connection).toMatchObject({
      client: { address: "10.0.0.1", port: 40000 },
      server: { address: "10.0.0.2", port: 80 },
      handshake: [1, 2, 3],
      synSeen: true,
      firstFrame: 1,
      lastFrame: 8,
      acked: [5, 4],
      seen: [5, 4],
      frames: [4, 4],
      lost: [0, 0],
      retransmitted: [0, 0],
      largestSegment: [5, 4],
      largestAcked: [5, 4],
      closed: { by: "client", how: "fin", frame: 7 },
      reset: null,
    });
  });

  test("a packet that was captured twice is no retransmission", () => {
    const twice = { ...c.client("PA", 0, 0, "abcd"), seconds: 1010 };
    const bytes = [...twice.bytes];
    bytes.splice(14 + 4, 2, 0x12, 0x34);
    const frames = [0, 300_000, 2_000_000].map((nanos) => ({ ...twice, bytes, nanos }));
    const { recorder, connection, net } = connectionOf([...c.handshake(), ...frames]);
    expect(recorder.stream(1, 0)).toBe("abcd");
    expect(connection.retransmitted).toEqual([1, 0]);
    expect(net.links().twins).toMatchObject({ count: 1, frames: [5] });
  });

  test("a packet without identification is taken for one that was captured twice where SYNs are", () => {
    const data = [0, 300_000].map((nanos) => ({ ...c.client("PA", 0, 0, "abcd"), seconds: 1010, nanos }));
    const opening = c.handshake().flatMap((frame, index) => {
      const at = { ...frame, seconds: 1009, nanos: index * 1_000_000 };
      return [at, { ...at, nanos: at.nanos + 1_000 }];
    });
    const { connection, net } = connectionOf([...opening, ...data]);
    expect(connection.retransmitted).toEqual([0, 0]);
    expect(net.links().twins.count).toBe(4);
    expect(connectionOf([...c.handshake(), ...data]).connection.retransmitted).toEqual([1, 0]);
  });

  test("retransmissions and overlaps: the first bytes win", () => {
    const { recorder, connection } = connectionOf([
      ...c.handshake(),
      c.client("PA", 0, 0, "abcd"),
      c.client("PA", 0, 0, "abcd"),
      c.client("PA", 2, 0, "XXef"),
      c.client("PA", 8, 0, "ij"),
      c.client("PA", 5, 0, "YghZZk"),
    ]);
    expect(recorder.stream(1, 0)).toBe("abcdefghijk");
    expect(connection.retransmitted).toEqual([3, 0]);
    expect(connection.seen).toEqual([11, 0]);
  });

  test("reordered segments name the frame that carried the bytes", () => {
    const { recorder } = play([
      ...c.handshake(),
      c.client("A", 0, 0, "a"),
      c.client("A", 2, 0, "c"),
      c.client("A", 1, 0, "b"),
    ]);
    expect(recorder.log.slice(1, 4)).toEqual(["0@0 a #4<4", "0@1 b #6<6", "0@2 c #5<6"]);
  });

  test("keep-alives are neither data nor retransmissions", () => {
    const { recorder, connection } = connectionOf([
      ...c.handshake(),
      c.client("PA", 0, 0, "abc"),
      c.client("A", 2, 0, "\0"),
      c.client("A", 2, 0),
      c.server("A", -1, 3, "\0"),
      c.client("PA", 3, 0, "d"),
    ]);
    expect(recorder.stream(1, 0)).toBe("abcd");
    expect(recorder.stream(1, 1)).toBe("");
    expect(connection.retransmitted).toEqual([0, 0]);
  });

  test("a zero-window probe that was not accepted is sent again with more", () => {
    const { recorder } = play([
      ...c.handshake(),
      c.client("PA", 0, 0, "abc"),
      c.client("A", 3, 0, "d"),
      c.client("PA", 3, 0, "def"),
    ]);
    expect(recorder.stream(1, 0)).toBe("abcdef");
  });

  test("a segment far outside any window is not this connection's", () => {
    const { recorder } = play([
      ...c.handshake(),
      c.client("A", 0, 0, "a"),
      c.client("A", 2 ** 31, 0, "x"),
      c.client("A", 1, 0, "b"),
    ]);
    expect(recorder.stream(1, 0)).toBe("ab");
  });

  test("nobody wants more: no data, but the connection is still watched", () => {
    const frames = [
      ...c.handshake(),
      c.client("PA", 0, 0, "abc"),
      c.client("PA", 3, 0, "def"),
      c.server("A", 0, 6),
      c.server("R", 0, 6, "", { ttl: 55 }),
    ];
    const once = play([], { open: true }).recorder;
    once.goesOn = false;
    play(frames, { recorder: once });
    expect(once.log).toEqual(["opened 1 http 40000", "0@0 abc #4<4", "finished 1"]);
    expect(once.connections[0]).toMatchObject({
      acked: [6, 0],
      seen: [6, 0],
      lost: [0, 0],
      closed: { by: "server", how: "reset", frame: 7 },
      reset: { by: "server", frame: 7, ttl: 55 },
    });
  });
});

describe("holes", () => {
  test("are given up when the receiver has the bytes and the talk goes on", () => {
    const { recorder, connection } = connectionOf([
      ...c.handshake(),
      c.client("PA", 0, 0, "one"),
      c.server("PA", 0, 3, "1st"),
      c.client("PA", 3, 6, "two"), // acknowledges a response that the capture lost
      c.server("PA", 6, 6, "3rd"),
      c.client("A", 6, 9),
      c.client("PA", 6, 9, "three"),
    ]);
    expect(recorder.log.slice(1, -1)).toEqual([
      "0@0 one #4<4",
      "1@0 1st #5<5",
      "0@3 two #6<6",
      "1 gap 3",
      "1@6 3rd #7<9",
      "0@6 three #9<9",
    ]);
    expect(connection.lost).toEqual([0, 3]);
  });

  test("that are merely late are filled", () => {
    const { recorder } = play([
      ...c.handshake(),
      c.client("PA", 0, 0, "one"),
      c.client("A", 3, 6),
      c.server("PA", 3, 3, "456"),
      c.client("A", 3, 6),
      c.server("PA", 0, 3, "123"),
    ]);
    expect(recorder.stream(1, 1)).toBe("123456");
  });

  test("end with a reset, and with the capture", () => {
    const start = [...c.handshake(), c.client("PA", 0, 0, "one"), c.client("PA", 5, 0, "two")];
    expect(play([...start, c.server("R", 0, 0)], { open: true }).recorder.stream(1, 0)).toBe("one[2]two");
    expect(play(start, { open: true }).recorder.stream(1, 0)).toBe("one");
    const { recorder, connection } = connectionOf(start);
    expect(recorder.stream(1, 0)).toBe("one[2]two");
    expect(connection.closed).toMatchObject({ by: "capture", how: "capture", frame: null });
  });

  test("bytes acknowledged but never captured are lost at the end", () => {
    const { recorder, connection } = connectionOf([
      ...c.handshake(),
      c.client("PA", 0, 0, "one"),
      c.server("A", 0, 3),
      c.client("A", 3, 100),
    ]);
    expect(recorder.stream(1, 1)).toBe("[100]");
    expect(connection).toMatchObject({ acked: [3, 100], seen: [3, 0], lost: [0, 100], cut: [0, 0] });
  });

  test("a snap length cuts a segment short", () => {
    const { recorder, connection } = connectionOf([
      ...c.handshake(),
      c.client("PA", 0, 0, "abcdefgh", { snap: 3 }),
      c.client("PA", 8, 0, "ij"),
      c.client("PA", 12, 0, "mnop", { snap: 2 }),
      c.client("PA", 10, 0, "kl"),
    ]);
    expect(recorder.stream(1, 0)).toBe("abc[5]ijklmn[2]");
    expect(connection).toMatchObject({ seen: [16, 0], lost: [7, 0], cut: [7, 0], largestSegment: [8, 0] });
  });

  test("more segments than may wait", () => {
    const late = Array.from({ length: 4 }, (_, i) => c.client("A", 2 + i * 2, 0, String(i)));
    const { recorder } = play([...c.handshake(), c.client("A", 0, 0, "a"), ...late], {
      bounds: { outOfOrderSegments: 3 },
      open: true,
    });
    expect(recorder.stream(1, 0)).toBe("a[1]0");
  });

  test("more bytes than may wait, of one direction and of all", () => {
    const frames = [...c.handshake(), c.client("A", 0, 0, "a"), c.client("A", 2, 0, "0123456789")];
    for (const bounds of [{ outOfOrderBytes: 9 }, { reassemblyBytes: 100 }]) {
      expect(play(frames, { bounds, open: true }).recorder.stream(1, 0)).toBe("a[1]0123456789");
    }
    expect(play(frames, { bounds: { reassemblyBytes: 100 } }).recorder.problems).toHaveLength(1);
  });
});

describe("sizes", () => {
  test("the largest segment counts as acknowledged only when it was not sent again in smaller pieces", () => {
    const { connection } = connectionOf([
      ...c.handshake(),
      c.client("PA", 0, 0, "abc"),
      c.server("A", 0, 3),
      c.client("PA", 3, 0, "0123456789"),
      c.client("PA", 3, 0, "01234"),
      c.client("PA", 8, 0, "56789"),
      c.server("A", 0, 13),
    ]);
    expect(connection).toMatchObject({ largestSegment: [10, 0], largestAcked: [5, 0], retransmitted: [2, 0] });
  });
});
