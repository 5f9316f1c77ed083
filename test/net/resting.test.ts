import fc from "fast-check";
import { expect, test } from "vitest";
import type { Connection } from "../../src/model/connection.ts";
import { Conversation } from "./conversation.ts";
import type { Captured } from "./packets.ts";
import { play, Recorder } from "./recorder.ts";

/** Streams that lend their objects to others while nothing comes for them must be what they were when it does. */

const step = fc.record({
  who: fc.nat({ max: 9 }),
  isClient: fc.boolean(),
  flags: fc.constantFrom("PA", "PA", "PA", "PA", "A", "A", "FA", "R", "S", "SA"),
  /** From the next byte of that side: behind a hole, or once more. */
  from: fc.constantFrom(0, 0, 0, 0, -3, -1, 4),
  length: fc.constantFrom(0, 1, 5, 9),
  /** From what the other side has sent; beyond it, the capture lacks bytes. */
  ack: fc.constantFrom(0, 0, 0, -2, 6),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function framesOf(steps: readonly Step[], withHandshake: boolean): readonly Captured[] {
  const talks = Array.from({ length: 10 }, (_, n) => {
    return { c: new Conversation({ clientPort: 40_000 + n, clientIsn: -7 + n }), sent: [0, 0] as [number, number] };
  });
  const frames: Captured[] = withHandshake ? talks.flatMap(({ c }) => c.handshake()) : [];
  for (const { who, isClient, flags, from, length, ack } of steps) {
    const talk = talks[who];
    if (talk === undefined) continue;
    const [mine, other] = isClient ? ([0, 1] as const) : ([1, 0] as const);
    const at = talk.sent[mine] + from;
    const data = "abcdefghi".slice(0, length);
    frames.push(talk.c[isClient ? "client" : "server"](flags, at, talk.sent[other] + ack, data));
    talk.sent[mine] = Math.max(talk.sent[mine], at + length);
  }
  return frames.map((frame, n) => ({ ...frame, seconds: 1_000 + n }));
}

/** All that can be read of a connection. */
function read(c: Connection) {
  const { id, client, server, handshake, synSeen, firstFrame, firstTime, lastFrame, lastTime, closed, reset } = c;
  const { acked, seen, frames, lost, cut, retransmitted, largestSegment, largestAcked } = c;
  const counted = [acked, seen, frames, lost, cut, retransmitted, largestSegment, largestAcked];
  const named = { client, server, handshake, synSeen, firstFrame, firstTime, lastFrame, lastTime, closed, reset };
  return { id, ...named, counted };
}

/** Reads all connections again and again, and wants to hear no more of one after its first bytes of nine. */
class Reading extends Recorder {
  readonly seen: string[] = [];

  override data(...all: Parameters<Recorder["data"]>): boolean {
    super.data(...all);
    this.seen.push(JSON.stringify(this.connections.map(read)));
    return all[4] - all[3] < 9;
  }
}

function told(frames: readonly Captured[], awakeStreams: number) {
  const recorder = new Reading();
  play(frames, { recorder, bounds: { awakeStreams } });
  const { log, seen, failures, streams } = recorder;
  return { log, seen, failures, streams, connections: recorder.connections.map(read) };
}

test.each([
  true,
  false,
])("with all but one at rest the same is told as with all awake; handshakes: %s", (withHandshake) => {
  const steps = fc.array(step, { minLength: 20, maxLength: 300 });
  fc.assert(
    fc.property(steps, (some) => {
      const frames = framesOf(some, withHandshake);
      expect(told(frames, 1)).toEqual(told(frames, 1_000));
    }),
    { numRuns: 150, seed: 5 },
  );
});

test("one at rest keeps its offsets, what it still waits for and its end", () => {
  const [first, other] = [new Conversation(), new Conversation({ clientPort: 40_001 })];
  const frames = [
    ...first.handshake(),
    first.client("PA", 0, 0, "one"),
    first.server("PA", 0, 3, "answer"),
    first.server("FA", 6, 3),
    ...other.handshake(),
    other.client("PA", 0, 0, "x"),
    first.client("PA", 3, 6, "two"),
    first.client("FA", 6, 7),
    first.server("A", 7, 7),
  ];
  const { recorder } = play(frames, { bounds: { awakeStreams: 1 }, open: true });
  expect(recorder.log).toEqual([
    "opened 1 http 40000",
    "0@0 one #4<4",
    "1@0 answer #5<5",
    "opened 2 http 40001",
    "0@0 x #10<10",
    "0@3 two #11<11",
    "finished 1",
  ]);
  expect(recorder.connections[0]).toMatchObject({
    largestAcked: [3, 6],
    seen: [6, 6],
    closed: { by: "server", frame: 6 },
  });
});
