import { describe, expect, test } from "vitest";
import { Conversation } from "./conversation.ts";
import { A, B, type Captured, ethernet, ipv4, tcp } from "./packets.ts";
import { play, Recorder } from "./recorder.ts";

const c = new Conversation();

function recorderWith(answer: Recorder["answer"]): Recorder {
  const recorder = new Recorder();
  recorder.answer = answer;
  return recorder;
}

/** Two milliseconds between them, lest a SYN that was sent again be taken for one that was captured twice. */
function apart(frames: readonly Captured[]): Captured[] {
  return frames.map((frame, index) => ({ ...frame, seconds: 1000, nanos: index * 2_000_000 }));
}

const nobody = { protocol: null, senderIsClient: null } as const;

describe("who is the client", () => {
  test("the receiver of a SYN-ACK", () => {
    const { recorder } = play([c.server("SA", -1, 0), c.client("A", 0, 0), c.client("PA", 0, 0, "x")]);
    expect(recorder.connections[0]).toMatchObject({ client: { port: 40000 }, handshake: [1, 2], synSeen: true });
  });

  test("as the bytes say, where no handshake was captured", () => {
    const recorder = recorderWith(() => ({ protocol: "http", senderIsClient: true }));
    play([c.server("PA", 100, 0, "x"), c.client("PA", 0, 101, "y")], { recorder });
    expect(recorder.connections[0]).toMatchObject({ client: { port: 80 }, handshake: [], synSeen: false });
    expect(recorder.log.slice(1, 3)).toEqual(["0@0 x #1<1", "1@0 y #2<2"]);
  });

  test("who asks says where the other side's bytes begin", () => {
    const recorder = recorderWith(() => ({ protocol: "http", senderIsClient: true }));
    const answered = [c.server("A", 300, 103), c.client("A", 103, 350)];
    play([c.client("PA", 100, 300, "GET"), ...answered], { recorder });
    expect(recorder.connections[0]).toMatchObject({ acked: [3, 50], seen: [3, 0], lost: [0, 50] });
  });

  test("the higher port, where nothing else says", () => {
    const { recorder } = play([c.server("PA", 100, 0, "x")]);
    expect(recorder.connections[0]).toMatchObject({ client: { port: 40000 }, server: { port: 80 } });
  });

  test("the sender of the first SYN, when both open at once", () => {
    const frames = [c.client("S", -1, 0), c.server("S", -1, 0), c.client("A", 0, 0), c.server("PA", 0, 0, "x")];
    expect(play(frames).recorder.connections[0]).toMatchObject({ client: { port: 40000 } });
  });
});

describe("recognition", () => {
  test("waits for more bytes", () => {
    const recorder = recorderWith((first) => (first.length < 4 ? null : { protocol: "http", senderIsClient: true }));
    play([...c.handshake(), c.client("A", 0, 0, "GE"), c.client("A", 2, 0, "T /"), c.client("A", 5, 0, "x")], {
      recorder,
    });
    expect(recorder.asked).toEqual(["GE", "GET /"]);
    expect(recorder.log.slice(0, 4)).toEqual(["opened 1 http 40000", "0@0 GE #4<5", "0@2 T / #5<5", "0@5 x #6<6"]);
    expect(recorder.connections[0]).toMatchObject({ frames: [5, 1], seen: [6, 0], largestSegment: [3, 0] });
  });

  test("gives up on those who never make up their mind", () => {
    const recorder = recorderWith(() => null);
    const frames = Array.from({ length: 20 }, (_, i) => c.client("A", i * 100, 0, "z".repeat(100)));
    play([...c.handshake(), ...frames], { recorder });
    expect(recorder.asked.map((first) => first.length)).toEqual([100, 200, 300, 400, 500, 512]);
    expect(recorder.log).toEqual([]);
  });

  test("waits for the first bytes when later ones come first", () => {
    const { recorder } = play([
      ...c.handshake(),
      c.client("A", 3, 0, "def"),
      c.server("A", 0, 0),
      c.client("A", 0, 0, "abc"),
    ]);
    expect(recorder.asked).toEqual(["abcdef"]);
    expect(recorder.log.slice(0, 3)).toEqual(["opened 1 http 40000", "0@0 abc #6<6", "0@3 def #4<6"]);
  });

  test("keeps the other side's bytes while it waits", () => {
    const recorder = recorderWith((first) =>
      first === "S" || first === "c" ? null : { protocol: "http", senderIsClient: null },
    );
    play([...c.handshake(), c.server("A", 0, 0, "S"), c.client("A", 0, 0, "c"), c.client("A", 1, 1, "lient")], {
      recorder,
    });
    expect(recorder.log.slice(0, 4)).toEqual(["opened 1 http 40000", "1@0 S #4<6", "0@0 c #5<6", "0@1 lient #6<6"]);
  });

  test("starts behind a lost beginning", () => {
    const recorder = recorderWith((first) =>
      first.startsWith("G") ? { protocol: "http", senderIsClient: true } : nobody,
    );
    const frames = [...c.handshake(), c.client("A", 5, 0, "rest"), c.client("A", 9, 0, "GET"), c.server("R", 0, 12)];
    play(frames, { recorder });
    expect(recorder.log.slice(0, 3)).toEqual(["opened 1 http 40000", "0 gap 9", "0@9 GET #5<6"]);
  });

  test("behind a lost beginning that says nothing, the other side tells", () => {
    const recorder = recorderWith((first) =>
      first === "rest" ? nobody : { protocol: "kerberos", senderIsClient: false },
    );
    const acks = [c.server("A", 0, 9), c.server("A", 0, 9), c.server("A", 0, 9)];
    play([...c.handshake(), c.client("A", 5, 0, "rest"), ...acks, c.server("A", 0, 9, "answer")], { recorder });
    expect(recorder.log).toEqual(["opened 1 kerberos 40000", "1@0 answer #8<8", "0 gap 9", "finished 1"]);
  });

  test("at a known start asks once, then ignores", () => {
    const recorder = recorderWith(() => nobody);
    play([...c.handshake(), c.client("A", 0, 0, "SSH"), c.client("A", 3, 0, "x"), c.server("A", 0, 4, "y")], {
      recorder,
    });
    expect(recorder.asked).toEqual(["SSH"]);
    expect(recorder.log).toEqual([]);
  });

  test("in the middle of a connection tries several segments", () => {
    const recorder = recorderWith((first) => (first === "GET" ? { protocol: "http", senderIsClient: true } : nobody));
    play(
      [c.client("A", 10, 0, "a"), c.client("A", 11, 0, "b"), c.client("A", 12, 0, "GET"), c.client("A", 15, 0, "!")],
      { recorder },
    );
    expect(recorder.log.slice(0, 3)).toEqual(["opened 1 http 40000", "0@0 GET #3<3", "0@3 ! #4<4"]);
    expect(recorder.connections[0]).toMatchObject({ firstFrame: 1, frames: [4, 0] });
  });

  test("in the middle of a connection gives up after some tries", () => {
    const recorder = recorderWith(() => nobody);
    const frames = Array.from({ length: 10 }, (_, i) => c.client("A", i, 0, "x"));
    play(frames, { recorder, bounds: { recognitionTries: 3 } });
    expect(recorder.asked).toHaveLength(3);
  });

  test("a first segment cut by the snap length is judged as it is", () => {
    const recorder = recorderWith(() => null);
    play([...c.handshake(), c.client("A", 0, 0, "GET /", { snap: 2 }), c.client("A", 5, 0, "x")], { recorder });
    expect(recorder.asked).toEqual(["GE"]);
  });

  test("is told of where a snap length cut what would say whose it is", () => {
    const cut = `cut ${A}:40000 ${B}:80`;
    const wantsThree = (first: string) => (first.length < 3 ? null : nobody);
    const heard = (...frames: readonly Captured[]) => play(frames, { recorder: recorderWith(wantsThree) }).recorder.log;
    expect(heard(...c.handshake(), c.client("A", 0, 0, "GET /", { snap: 2 }))).toEqual([cut]);
    expect(heard(...c.handshake(), c.client("A", 0, 0, "GET /", { snap: 0 }))).toEqual([cut]);
    expect(heard(...c.handshake(), c.client("A", 0, 0, "G"), c.client("A", 1, 0, "ET", { snap: 1 }))).toEqual([cut]);
    expect(heard(...c.handshake(), c.client("A", 1, 0, "ET", { snap: 0 }), c.client("RA", 3, 0))).toEqual([cut]);
    expect(heard(...c.handshake(), c.client("A", 0, 0, "GET /", { snap: 3 }))).toEqual([]);
    expect(heard(...c.handshake(), c.client("A", 0, 0, "GE"))).toEqual([]);
    // Without a handshake the higher port is the client's.
    expect(heard(c.server("A", 0, 0, "HTTP", { snap: 0 }))).toEqual([cut]);
  });

  test("data on the SYN belongs to the stream", () => {
    const syn = c.client("S", -1, 0, "GET");
    const { recorder } = play([syn, c.server("SA", -1, 3), c.client("A", 3, 0), c.client("PA", 3, 0, " /")]);
    expect(recorder.stream(1, 0)).toBe("GET /");
    expect(recorder.failures).toEqual([]);
  });
});

describe("connections that never were", () => {
  test("refused, at once", () => {
    const frames = apart([c.client("S", -1, 0), c.client("S", -1, 0), c.server("RA", -1, 0)]);
    const { recorder } = play(frames, { open: true });
    expect(recorder.failures).toMatchObject([
      { client: { address: A, port: 40000 }, server: { address: B, port: 80 }, how: "refused", frames: [1, 2, 3] },
    ]);
  });

  test("a reset for another SYN refuses nothing", () => {
    const { recorder } = play([c.client("S", -1, 0), c.server("RA", -1, -1000)], { open: true });
    expect(recorder.failures).toEqual([]);
  });

  test("unanswered: all of them at the end, by first frame", () => {
    const ports = [5, 3, 9, 1].map((port) => new Conversation({ clientPort: 1000 + port }));
    const { recorder } = play(apart([...ports, ...ports].map((one) => one.client("S", -1, 0))));
    expect(recorder.failures.map((failure) => failure.client.port)).toEqual([1005, 1003, 1009, 1001]);
    expect(recorder.failures[0]).toMatchObject({
      how: "unanswered",
      frames: [1, 5],
      firstTime: { seconds: 1000, nanos: 0 },
      lastTime: { seconds: 1000, nanos: 8_000_000 },
    });
  });

  test("only counted where nobody wants those of strangers, that is of clients not named before", () => {
    const recorder = new Recorder();
    recorder.wantsStrangers = false;
    const known = new Conversation();
    const syn = (client: string, clientPort: number) => new Conversation({ client, clientPort }).client("S", -1, 0);
    const strangers = ["10.9.0.1", "10.9.0.2", "10.9.0.3"].map((address) => syn(address, 50000));
    play([...known.handshake(), known.client("PA", 0, 0, "x"), ...apart([syn(A, 50001), ...strangers])], { recorder });
    expect(recorder.failures.map(({ client }) => client.port)).toEqual([50001]);
    expect(recorder.strangers).toBe(3);
  });

  test("unanswered for 75 seconds", () => {
    const other = new Conversation({ clientPort: 4 });
    const frames = [c.client("S", -1, 0, "", { seconds: 0 }), other.client("A", 0, 0, "", { seconds: 75 })];
    expect(play(frames, { open: true }).recorder.failures).toMatchObject([{ how: "unanswered", frames: [1] }]);
  });

  test("a SYN answered in a retry is no failure", () => {
    const { recorder } = play([c.client("S", -1, 0), ...c.handshake(), c.client("PA", 0, 0, "x")]);
    expect(recorder.failures).toEqual([]);
    expect(recorder.connections).toHaveLength(1);
  });

  test("a client that goes on was answered, though the capture holds one side only", () => {
    const { recorder } = play([
      c.client("S", -1, 0),
      c.client("A", 0, 0),
      c.client("PA", 0, 0, "x"),
      c.client("A", 1, 50),
    ]);
    expect(recorder.failures).toEqual([]);
    expect(recorder.connections[0]).toMatchObject({ acked: [0, 50], seen: [1, 0], lost: [0, 50], frames: [4, 0] });
  });

  test("at most 32 SYNs are listed", () => {
    const { recorder } = play(apart(Array.from({ length: 50 }, () => c.client("S", -1, 0))));
    expect(recorder.failures[0]?.frames).toHaveLength(32);
  });

  test("a refused connection may be answered later", () => {
    const { recorder } = play([
      c.client("S", -1, 0),
      c.server("RA", -1, 0),
      ...c.handshake(),
      c.client("PA", 0, 0, "x"),
    ]);
    expect(recorder.failures).toHaveLength(1);
    expect(recorder.stream(1, 0)).toBe("x");
  });
});

describe("ends", () => {
  const talk = [...c.handshake(), c.client("PA", 0, 0, "x")];

  test("a reset after a FIN is kept beside it", () => {
    const { recorder } = play([...talk, c.server("FA", 0, 1), c.client("R", 1, 1, "", { ttl: 7 })]);
    expect(recorder.connections[0]).toMatchObject({
      closed: { by: "server", how: "fin", frame: 5 },
      reset: { by: "client", frame: 6, ttl: 7, time: { seconds: 1000, nanos: 6 } },
    });
  });

  test("both close at once", () => {
    const { recorder } = play([
      ...talk,
      c.server("FA", 0, 1),
      c.client("FA", 1, 0),
      c.server("A", 1, 2),
      c.client("A", 2, 1),
    ]);
    expect(recorder.connections[0]).toMatchObject({
      closed: { by: "server", frame: 5 },
      acked: [1, 0],
      // Finished with the second FIN: all bytes were acknowledged, what follows is of no consequence.
      frames: [4, 2],
    });
    expect(recorder.log.at(-1)).toBe("finished 1");
  });

  test("finished after the close, however fast new ones come", () => {
    const crowd = Array.from({ length: 3_000 }, (_, i) => {
      const seconds = 1_000 + Math.floor(i / 300);
      return new Conversation({ clientPort: 1_000 + i }).client("A", 0, 0, "", { seconds });
    });
    const { recorder } = play([...talk, c.server("R", 0, 1), ...crowd], { open: true });
    expect(recorder.log).toContain("finished 1");
  });

  test("finished five seconds after the close, or idle for 300", () => {
    const other = new Conversation({ clientPort: 4 });
    const at = (seconds: number) => other.client("A", 0, 0, "", { seconds });
    const closed = [...talk, c.server("R", 0, 1)];
    expect(play([...closed, at(1004)], { open: true }).recorder.log).not.toContain("finished 1");
    expect(play([...closed, at(1005)], { open: true }).recorder.log).toContain("finished 1");
    expect(play([...talk, at(1299)], { open: true }).recorder.log).not.toContain("finished 1");
    const idle = play([...talk, at(1300)], { open: true }).recorder;
    expect(idle.connections[0]?.closed).toEqual({
      by: "capture",
      how: "capture",
      frame: null,
      time: { seconds: 1300, nanos: 5 },
    });
  });

  test("the same ends again are another connection", () => {
    const again = new Conversation({ clientIsn: 77, serverIsn: 88 });
    const { recorder } = play([...talk, c.client("FA", 1, 0), ...again.handshake(), again.client("PA", 0, 0, "y")]);
    expect(recorder.log).toEqual([
      "opened 1 http 40000",
      "0@0 x #4<4",
      "finished 1",
      "opened 2 http 40000",
      "0@0 y #9<9",
      "finished 2",
    ]);
    expect(recorder.connections[1]).toMatchObject({ handshake: [6, 7, 8], firstFrame: 6, frames: [3, 1] });
  });

  test("and so where only the SYN-ACK shows it", () => {
    const again = new Conversation({ clientIsn: 77, serverIsn: 88 });
    const { recorder } = play([...talk, again.server("SA", -1, 0), again.client("PA", 0, 0, "y")]);
    expect(recorder.connections.map((one) => one.handshake)).toEqual([
      [1, 2, 3],
      [5, 6],
    ]);
  });

  test("a SYN repeated within the connection changes nothing", () => {
    const { recorder } = play([...talk, c.client("S", -1, 0), c.server("SA", -1, 0), c.client("PA", 1, 0, "y")]);
    expect(recorder.stream(1, 0)).toBe("xy");
  });

  test("a SYN captured behind its SYN-ACK belongs to it", () => {
    const [syn, synAck, ack] = c.handshake();
    if (syn === undefined || synAck === undefined || ack === undefined) throw new Error("no handshake");
    const { recorder } = play([synAck, syn, ack, c.client("PA", 0, 0, "x")]);
    expect(recorder.connections[0]).toMatchObject({ handshake: [1, 2, 3], client: { port: 40000 } });
    expect(recorder.failures).toEqual([]);
  });
});

describe("limits", () => {
  const many = (count: number, flags: string) =>
    Array.from({ length: count }, (_, i) =>
      new Conversation({ clientPort: 1000 + i }).client(flags, 0, 0, "x", { nanos: i * 1000 }),
    );

  test("flows: SYNs without answer leave first, then the idlest", () => {
    const frames = [...c.handshake(), c.client("PA", 0, 0, "x"), ...many(20, "S")];
    const { recorder } = play(frames, { bounds: { flows: 16 }, open: true });
    expect(recorder.problems).toHaveLength(1);
    expect(recorder.failures.map((failure) => failure.client.port)).toEqual([1000, 1001, 1002, 1003, 1004]);
    expect(recorder.log).not.toContain("finished 1");
  });

  test("flows: what still comes of those that ended and were forgotten is told as nothing new", () => {
    const ended = [...c.handshake(), c.client("PA", 0, 0, "x"), c.server("FA", 0, 1), c.client("FA", 1, 1)];
    const late = [c.server("A", 1, 2), c.client("FA", 1, 1), c.server("A", 1, 2), c.server("R", 1, 2)];
    const { recorder } = play([...ended, ...many(40, "S"), ...late], { bounds: { flows: 16 }, open: true });
    expect(recorder.log.filter((line) => !line.startsWith("failed"))).toEqual([
      "opened 1 http 40000",
      "0@0 x #4<4",
      "finished 1",
    ]);
    expect(recorder.failures.map((failure) => failure.client.port)).not.toContain(40_000);
  });

  test("flows: one that ended is read on while bytes of it are sent again", () => {
    const ended = [...c.handshake(), c.client("PA", 0, 0, "x"), c.server("PA", 5, 1, "later")];
    const fins = [c.server("FA", 10, 1), c.client("FA", 1, 0)];
    const again = c.server("PA", 0, 1, "first");
    const { recorder } = play([...ended, ...fins, ...many(40, "S"), again], { bounds: { flows: 16 }, open: true });
    expect(recorder.stream(1, 1)).toBe("firstlater");
  });

  test("streams: the idlest are finished", () => {
    const { recorder } = play(many(5, "PA"), { bounds: { streams: 3 }, open: true });
    expect(recorder.log.filter((line) => line.startsWith("finished"))).toEqual(["finished 1", "finished 2"]);
    expect(recorder.problems).toHaveLength(1);
  });

  test("repeated SYNs of too many connections", () => {
    const frames = apart([...many(3, "S"), ...many(3, "S")]);
    const { recorder } = play(frames, { bounds: { repeatedSyns: 1 } });
    expect(recorder.failures.map((failure) => failure.frames)).toEqual([[1, 4], [2], [3]]);
    expect(recorder.problems).toHaveLength(1);
  });
});

test("segments of a connection nobody wants leave no trace", () => {
  const recorder = recorderWith(() => nobody);
  const frames = [...c.handshake(), ...Array.from({ length: 1000 }, (_, i) => c.client("A", i * 10, 0, "0123456789"))];
  play(frames, { recorder });
  expect(recorder.log).toEqual([]);
});

test("headers that make no sense are passed over", () => {
  const short = tcp({ sport: 1, dport: 2, seq: 0, flags: "PA" }, [1, 2, 3]).map((byte, at) =>
    at === 12 ? 0x40 : byte,
  );
  const frames = [short, short.slice(0, 13), short.map((byte, at) => (at === 12 ? 0xf0 : byte))];
  const { recorder } = play(frames.map((bytes) => ({ bytes: ethernet(0x0800, ipv4({ protocol: 6 }, bytes)) })));
  expect(recorder.log).toEqual([]);
});

test("what comes with the first, incomplete bytes is not forgotten", () => {
  const recorder = recorderWith((first) => (first.length < 2 ? null : { protocol: "http", senderIsClient: true }));
  play([...c.handshake(), c.client("FA", 0, 0, "G"), c.client("FA", 0, 0, "GET")], { recorder });
  expect(recorder.connections[0]).toMatchObject({ closed: { by: "client", how: "fin", frame: 4 } });
});

test("a FIN captured behind its acknowledgement counts as no byte", () => {
  const { recorder } = play([...c.handshake(), c.client("PA", 0, 0, "x"), c.server("A", 0, 2), c.client("FA", 1, 0)]);
  expect(recorder.connections[0]).toMatchObject({ acked: [1, 0], lost: [0, 0] });
  expect(recorder.stream(1, 0)).toBe("x");
});
