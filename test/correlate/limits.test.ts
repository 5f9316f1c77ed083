import { describe, expect, test } from "vitest";
import type { DnsMessage } from "../../dissectors/dns/message.ts";
import { limits } from "../../src/bytes/limits.ts";
import { Client } from "../../src/correlate/client.ts";
import { ClientMarks } from "../../src/correlate/client-marks.ts";
import { HostWish } from "../../src/correlate/host-wish.ts";
import { splitSpn } from "../../src/correlate/names.ts";
import type { Quest } from "../../src/correlate/quests.ts";
import type { Candidate } from "../../src/correlate/weak.ts";
import { WeakPool } from "../../src/correlate/weak-pool.ts";
import { SequenceWindow } from "../../src/sequence-window.ts";
import { HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { apRepToken, krb5 } from "../scene/tokens.ts";
import { report, told } from "../scene/verdict.ts";
import { addressOf, asReq, Bench, observation, portUnreachable } from "./observations.ts";

/** Every limit of the correlator is reached, and nothing is told twice or lost without a word. */

const count = (length: number) => Array.from({ length }, (_, n) => n);

describe("openClients", () => {
  test("busy clients beyond it are judged on what was read, and that is reported once", () => {
    const bench = new Bench();
    const many = limits.openClients + 20;
    for (const n of count(many)) bench.asks(addressOf(n));
    bench.end();
    expect(bench.problems).toHaveLength(1);
    expect(bench.problems[0]?.text).toContain(`${limits.openClients} clients`);
    expect(new Set(bench.stories.map(({ client }) => client.address)).size).toBe(many);
    expect(bench.stories).toHaveLength(many);
  });
  test("clients whose business is done leave without a word", () => {
    const bench = new Bench();
    for (const n of count(limits.openClients + 20)) {
      bench.asks(addressOf(n));
      bench.isAnswered(addressOf(n));
    }
    bench.end();
    expect(bench.problems).toEqual([]);
    expect(bench.stories.every(({ verdict }) => verdict === "ok")).toBe(true);
    expect(bench.stories).toHaveLength(limits.openClients + 20);
  });
});

describe("evidencePerClient", () => {
  test("what is over is told before the end, each thing once", () => {
    const bench = new Bench();
    const many = limits.evidencePerClient + 500;
    for (const n of count(many)) {
      bench.seconds += 1;
      bench.asks("10.9.9.9", `user${n}`);
      bench.isAnswered("10.9.9.9", 6);
    }
    expect(bench.stories.length).toBeGreaterThan(0);
    bench.end();
    expect(bench.stories.map(({ signOn }) => signOn?.cname).sort()).toEqual(
      count(many)
        .map((n) => `user${n}`)
        .sort(),
    );
  });
  test("one story that fills it is told as it stands", () => {
    const bench = new Bench();
    for (const _ of count(limits.evidencePerClient + 10)) {
      bench.asks("10.9.9.9");
      bench.isAnswered("10.9.9.9", 24);
    }
    bench.end();
    expect(bench.stories.length).toBeGreaterThan(0);
    expect(bench.stories.every(({ divergedAt }) => divergedAt === 2)).toBe(true);
  });
  test("an authenticated connection with more requests than that stays ok", () => {
    expect(told(busy())).toEqual(["http ok kerberos"]);
  });
  test("also when the user names the host", () => expect(told(busy(), HOST)).toEqual(["http ok kerberos"]));
});

const login = (): Scene =>
  scene().dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).reply(200, apRepToken());

function busy(): Scene {
  const s = login();
  for (const n of count(limits.evidencePerClient + 100)) s.get(`/${n}`).reply(200);
  return s;
}

describe("one client's evidence stays bounded whatever it repeats", () => {
  const place = { src: "10.9.9.9", dst: "10.0.0.1", sport: 50_000, dport: 88, frame: 1, frames: [1] } as const;
  const flood = limits.evidencePerClient * 10;
  const time = { seconds: 1_000, nanos: 0 };

  test("retransmissions of one request", () => {
    const client = new Client("10.9.9.9");
    for (const _ of count(flood)) client.kdcRequest(observation(asReq("John"), { ...place, time }));
    expect(client.kdc[0]?.repeats.length).toBeLessThanOrEqual(limits.evidencePerClient);
  });
  test("repetitions of one DNS query", () => {
    const client = new Client("10.9.9.9");
    const query: DnsMessage = {
      protocol: "dns",
      kind: "query",
      id: 1,
      opcode: 0,
      rcode: 0,
      truncated: false,
      questions: [{ name: HOST, type: "A" }],
      answers: [],
      additionals: [],
    };
    for (const _ of count(flood)) client.dnsQuery(observation(query, { ...place, dport: 53, time }));
    expect(client.dns[0]?.queries.length).toBeLessThanOrEqual(limits.evidencePerClient);
  });
  test("ICMP errors", () => {
    const client = new Client("10.9.9.9");
    for (const n of count(flood)) client.icmp(portUnreachable("10.9.9.9", n));
    expect(client.unreachable.length).toBeLessThanOrEqual(limits.evidencePerClient);
  });
});

describe("evidenceFrames", () => {
  test("clients with more frames than that are judged on what was read, the idlest first, and none is lost", () => {
    const bench = new Bench();
    const clients = 32;
    const each = limits.evidenceFrames / clients;
    for (const n of count(clients)) for (const _ of count(each)) bench.asks(addressOf(n));
    expect(bench.problems).toEqual([]);
    bench.asks(addressOf(clients));
    expect(bench.problems[0]?.text).toContain(`${limits.evidenceFrames} frames`);
    expect(bench.stories.every(({ client }) => client.address === addressOf(0))).toBe(true);
    bench.end();
    expect(new Set(bench.stories.map(({ client }) => client.address)).size).toBe(clients + 1);
  });
});

describe("weakCandidates and promotedCandidates", () => {
  test("beyond the first they are only counted, beyond the second not promoted", () => {
    const bench = new Bench();
    const many = limits.weakCandidates + 300;
    for (const n of count(many)) {
      bench.seconds += n % 10 === 0 ? limits.quietSeconds : 0;
      bench.isCutOff(addressOf(n), WEB);
    }
    const { unpromoted } = bench.end();
    expect(bench.stories).toHaveLength(limits.promotedCandidates);
    expect(unpromoted).toBe(many - limits.promotedCandidates);
  });
  test("the first failure of a client at a host stands for all of them", () => {
    const bench = new Bench();
    for (const _ of count(5)) {
      bench.isCutOff("10.9.9.9", WEB);
      bench.seconds += limits.quietSeconds;
    }
    expect(bench.end().unpromoted).toBe(4);
    expect(bench.stories).toHaveLength(1);
  });
  const candidate = (n: number): Candidate => ({
    ...{ host: `h${n}`, addresses: [], frame: n, onlyNamed: false, isName: false, isCut: false, isFailure: true },
    tell: () => {
      throw new Error("not promoted");
    },
  });
  test("candidates whose evidence holds weakBytes or more are only counted", () => {
    const pool = new WeakPool(() => {}, new HostWish([]), new ClientMarks(limits.hosts, 7));
    pool.add("10.9.9.9", [candidate(1)], { pieces: 1, weight: limits.weakBytes - 1 });
    expect(pool.isFull).toBe(false);
    pool.add("10.9.9.9", [candidate(1)], { pieces: 1, weight: 1 });
    expect(pool.isFull).toBe(false);
    pool.add("10.9.9.9", [candidate(2)], { pieces: 1, weight: 1 });
    expect(pool.isFull).toBe(true);
  });
  test("candidates that stand on weakEvidence pieces or more are only counted", () => {
    const pool = new WeakPool(() => {}, new HostWish([]), new ClientMarks(limits.hosts, 7));
    pool.add("10.9.9.9", [candidate(1)], { pieces: limits.weakEvidence - 1, weight: 0 });
    expect(pool.isFull).toBe(false);
    pool.add("10.9.9.9", [candidate(2)], { pieces: 1, weight: 0 });
    expect(pool.isFull).toBe(true);
    pool.add("10.9.9.9", [candidate(3)], { pieces: 1, weight: 0 });
    pool.seen("10.9.9.9", []);
    expect(pool.end()).toBe(3);
  });
  test("at most so many also when the user names the host", () => {
    const bench = new Bench(WEB);
    const many = limits.promotedCandidates + 15;
    for (const n of count(many)) bench.isCutOff(addressOf(n), WEB);
    bench.end();
    expect(bench.stories).toHaveLength(limits.promotedCandidates);
  });
});

describe("quietSeconds", () => {
  test("a client that said nothing for so long is told before the capture ends", () => {
    const bench = new Bench();
    bench.asks(addressOf(0));
    bench.seconds += limits.quietSeconds - 1;
    bench.asks("10.9.9.8");
    expect(bench.stories).toEqual([]);
    bench.seconds += 1;
    bench.asks("10.9.9.7");
    expect(bench.stories).toHaveLength(1);
  });
  test("an authenticated connection that is used again later is no new login", () => {
    const s = login()
      .wait(limits.quietSeconds + 50)
      .get("/next")
      .reply(200);
    expect(told(s)).toEqual(["http ok kerberos"]);
  });
  test("also when the user names the host", () => {
    const s = login()
      .wait(limits.quietSeconds + 50)
      .get("/next")
      .reply(200);
    expect(told(s, HOST)).toEqual(["http ok kerberos"]);
  });
});

describe("reorderWindow", () => {
  test("sequences stand in order of their first frames", () => {
    const s = scene();
    for (const n of count(30)) s.client(addressOf(n)).dns(HOST, WEB).get("/").reply(401, "Negotiate");
    for (const n of count(30)) s.client(addressOf(29 - n)).close();
    const frames = report(s).sequences.map(({ id }) => Number(id.slice(1)));
    expect(frames).toEqual([...frames].sort((a, b) => a - b));
  });
  test("one that closes later than the window allows stands where it closed, and none is lost", () => {
    const bench = new Bench();
    const many = limits.reorderWindow * 3;
    for (const n of count(many)) {
      bench.asks(addressOf(n));
      bench.isAnswered(addressOf(n));
    }
    bench.end();
    const out: number[] = [];
    const window = new SequenceWindow(({ frame }) => out.push(frame));
    for (const story of [...bench.stories].reverse()) window.add(story, 0);
    window.end();
    expect(out).toHaveLength(bench.stories.length);
    expect(out).not.toEqual([...out].sort((a, b) => a - b));
  });
  test("stories with reorderAttempts ticket requests together leave earlier", () => {
    const [story] = storiesOf();
    const exchange = story?.signOn?.exchanges[0];
    if (!story || !exchange) throw new Error("no exchange");
    const exchanges = Array.from({ length: limits.reorderAttempts }, () => exchange);
    const passed: number[] = [];
    const window = new SequenceWindow(({ frame }) => passed.push(frame));
    window.add(story, 0);
    expect(passed).toHaveLength(0);
    window.add({ ...story, quests: [{ ...empty, exchanges }] }, 0);
    expect(passed).toHaveLength(1);
    window.end();
    expect(passed).toHaveLength(2);
  });
  test("stories whose evidence holds reorderBytes leave earlier", () => {
    const [story] = storiesOf();
    if (!story) throw new Error("no story");
    const passed: number[] = [];
    const window = new SequenceWindow(({ frame }) => passed.push(frame));
    window.add(story, limits.reorderBytes - 1);
    expect(passed).toHaveLength(0);
    window.add(story, 1);
    expect(passed).toHaveLength(1);
    window.end();
    expect(passed).toHaveLength(2);
  });
  test("two that start at one frame have two ids", () => {
    const [story] = storiesOf();
    const ids: string[] = [];
    const window = new SequenceWindow((_, id) => ids.push(id));
    if (story) for (const _ of count(3)) window.add(story, 0);
    window.end();
    expect(ids).toEqual(["f1", "f1-2", "f1-3"]);
  });
});

const empty: Omit<Quest, "exchanges"> = {
  ...{ sname: SPN, spn: splitSpn(SPN), delegation: null, forUser: null, evidence: [], referrals: [] },
  ...{ issued: null, ticket: null, error: null, frame: 1 },
  ...{ time: { seconds: 0, nanos: 0 }, lastTime: { seconds: 0, nanos: 0 } },
};

function storiesOf() {
  const bench = new Bench();
  bench.asks("10.9.9.9");
  bench.end();
  return bench.stories;
}
