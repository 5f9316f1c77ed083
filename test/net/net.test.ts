import fc from "fast-check";
import { expect, test } from "vitest";
import { Conversation } from "./conversation.ts";
import { type Captured, ethernet, fragment6, ipv4, ipv6, tcp, text, udp } from "./packets.ts";
import { play } from "./recorder.ts";

/** A crowd of small connections, failures and datagrams over both IP versions, long enough for sweeps and growth. */
function crowd(): readonly Captured[] {
  return Array.from({ length: 3000 }, (_, i) => {
    const seconds = 1000 + Math.floor(i / 20);
    const c = new Conversation({ clientPort: 1024 + ((i * 7919) % 1500), client: `10.0.${i % 7}.1`, clientIsn: i % 3 });
    const src = `fd00::${(1 + (i % 333)).toString(16)}`;
    const segment = tcp({ sport: 1024 + (i % 999), dport: 80, seq: i, flags: i % 4 === 0 ? "S" : "A" }, text("six"));
    const kinds = [
      c.client("S", -1, 0, "", { seconds }),
      c.client("A", 0, 0, "hello", { seconds }),
      { bytes: ethernet(0x86dd, ipv6({ src, protocol: 6 }, segment)), seconds },
      c.server(i % 2 === 0 ? "R" : "FA", 0, 5, "", { seconds }),
      { bytes: ethernet(0x86dd, ipv6({ src }, udp(1, 2, text("x")))), seconds },
    ];
    return kinds[(i * 31) % kinds.length] ?? { bytes: [] };
  });
}

test("nothing depends on the seed", () => {
  for (const bounds of [{}, { flows: 100, streams: 20, hosts: 50, ipv6Addresses: 100 }]) {
    const runs = [1, 2, 0xdeadbeef].map((seed) => play(crowd(), { seed, bounds }).recorder);
    const told = runs.map(({ log, failures, connections, problems }) => ({ log, failures, connections, problems }));
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
    expect(told[0]?.log.length).toBeGreaterThan(1000);
  }
});

test("what is told at the end goes by first frame", () => {
  const { recorder } = play(crowd().map((frame) => ({ ...frame, seconds: 1000 })));
  const firsts = recorder.failures.filter((one) => one.how === "unanswered").map((one) => one.frames[0] ?? 0);
  expect(firsts.length).toBeGreaterThan(10);
  const opened = new Map(recorder.connections.map((one) => [`finished ${one.id}`, one.firstFrame]));
  const finished = recorder.log.flatMap((line) => opened.get(line) ?? []).slice(-20);
  expect(finished).toEqual([...finished].sort((a, b) => a - b));
});

test("every connection that was opened is finished, once", () => {
  const { recorder } = play(crowd(), { bounds: { flows: 64, streams: 16 } });
  const finished = recorder.log.filter((line) => line.startsWith("finished"));
  expect(new Set(finished).size).toBe(finished.length);
  expect(finished).toHaveLength(recorder.connections.length);
  for (const connection of recorder.connections) expect(connection.closed).not.toBeNull();
});

const seeds = [
  ethernet(0x0800, ipv4({ protocol: 6 }, tcp({ sport: 5, dport: 80, seq: 1, flags: "PA" }, text("GET / HTTP/1.1")))),
  ethernet(0x0800, ipv4({ more: true }, udp(5, 88, text("hello world")))),
  ethernet(0x86dd, fragment6({ offset: 8 }, 17, text("more of this"))),
  ethernet(0x86dd, ipv6({ protocol: 58 }, [135, ...new Array<number>(23).fill(9)])),
  ethernet(0x0800, ipv4({ protocol: 1 }, [3, 3, 0, 0, 0, 0, 0, 0, ...ipv4({}, udp(1, 2, []))])),
  ethernet(0x0806, [0, 1, 8, 0, 6, 4, 0, 1, ...new Array<number>(20).fill(3)]),
];

test("garbage never throws", () => {
  const linkType = fc.constantFrom(0, 1, 9, 12, 50, 51, 101, 104, 108, 113, 228, 276, 999);
  const noise = fc.record({ bytes: fc.array(fc.nat({ max: 255 }), { maxLength: 120 }), linkType });
  const damaged = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat({ max: 90 }), fc.nat({ max: 255 })), { maxLength: 4 }),
      fc.nat(120),
    )
    .map(([seed, hits, length]) => {
      const bytes = [...seed];
      for (const [at, value] of hits) bytes[at % bytes.length] = value;
      return { bytes: bytes.slice(0, length), wireLength: bytes.length };
    });
  const seconds = fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constantFrom(-1, 2 ** 31, 2 ** 32, 2 ** 53));
  const frame = fc.tuple(fc.oneof(noise, damaged, damaged), seconds).map(([one, at]) => ({ ...one, seconds: at }));
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 60 }), (frames) => {
      play(frames, {
        bounds: { flows: 4, streams: 2, fragmentDatagrams: 2, neighbours: 2, hosts: 3, ipv6Addresses: 5 },
      });
    }),
    { numRuns: 300 },
  );
});

test("a flood of flows is bounded", () => {
  const frames = Array.from({ length: 5000 }, (_, i) =>
    new Conversation({ clientPort: 1 + i }).client("S", -1, 0, "", { nanos: i * 1000 }),
  );
  const { recorder } = play(frames, { bounds: { flows: 2048 } });
  expect(recorder.failures).toHaveLength(5000);
  const firsts = recorder.failures.map((failure) => failure.frames[0]);
  expect(firsts).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  expect(recorder.problems).toHaveLength(1);
});
