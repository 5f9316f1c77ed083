import { describe, expect, test } from "vitest";
import { limits } from "../src/bytes/limits.ts";
import type { Attempt } from "../src/correlate/attempts.ts";
import { Correlator } from "../src/correlate/correlator.ts";
import { HostWish } from "../src/correlate/host-wish.ts";
import type { Front, Story } from "../src/correlate/story.ts";
import { FrontSequences } from "../src/front-sequences.ts";
import { River } from "../src/river.ts";
import { addressOf } from "./correlate/observations.ts";
import {
  atBack,
  atFront,
  BACK_END,
  frontAnswers,
  handingOver,
  johnsTgt,
  transition,
  WITH_TGT,
  withTgt,
} from "./scene/delegation.ts";
import { ticket } from "./scene/kerberos.ts";
import { CLIENT, HOST, type Scene, SPN, WEB } from "./scene/scene.ts";
import { apRepToken, krb5, ntlm, ntlmAnonymous } from "./scene/tokens.ts";
import { platform, report } from "./scene/verdict.ts";

const factsOf = (s: Scene) => report(s).sequences.map(({ id, facts }) => ({ id, ...facts }));
const atBackWith = (s: Scene, wish = {}) =>
  atBack(s)
    .tgs(BACK_END, { cname: "John", ...wish })
    .get("/data", krb5(BACK_END))
    .reply(200, apRepToken());
const anonymous = (s: Scene) => atBack(s).get("/data", ntlm(1)).reply(401, ntlm(2)).get("/data", ntlmAnonymous());

describe("front and back-end", () => {
  test("are linked by the user's ticket, handed in as evidence", () => {
    const [front, back] = factsOf(frontAnswers(atBackWith(atFront(), { evidence: ticket(SPN) })));
    expect(front).toMatchObject({ backSequences: [back?.id] });
    expect(back).toMatchObject({
      frontSequence: front?.id,
      delegationKind: "constrained (S4U2proxy)",
      delegatedBy: SPN,
      delegatedFor: "John@CONTOSO.COM",
    });
  });
  test("by the TGT that the user handed over", () => {
    const [front, back] = factsOf(frontAnswers(atBackWith(withTgt(handingOver()), { tgt: johnsTgt() })));
    expect(back).toMatchObject({ frontSequence: front?.id, delegationKind: "unconstrained (forwarded TGT)" });
    expect(front).toMatchObject({ backSequences: [back?.id] });
  });
  test("by the user's name, where the token may have held a TGT", () => {
    const [front, back] = factsOf(frontAnswers(atBackWith(atFront({ proof: WITH_TGT }))));
    expect(back).toMatchObject({ frontSequence: front?.id, delegationKind: "unconstrained (forwarded TGT)" });
  });
  test("by time, where the back-end sees nobody", () => {
    const [front, back] = factsOf(frontAnswers(anonymous(atFront()).reply(401)));
    expect(back).toMatchObject({ frontSequence: front?.id });
    expect(back).not.toHaveProperty("delegation");
  });
  test("by time with protocol transition, too", () => {
    const s = transition(atFront())
      .tgsReq(BACK_END, { evidence: ticket("iissvc") })
      .issued({ cname: "John" });
    const [front, back] = factsOf(frontAnswers(s));
    expect(back).toMatchObject({ frontSequence: front?.id, delegatedFor: "John@CONTOSO.COM" });
    expect(back).toMatchObject({ delegationKind: "constrained with protocol transition (S4U2self, S4U2proxy)" });
  });
  test("are not linked where the front-end goes as itself", () => {
    const [front, back] = factsOf(frontAnswers(atBackWith(atFront(), { cname: "IISSERVER$" })));
    expect(front).not.toHaveProperty("backSequences");
    expect(back).not.toHaveProperty("frontSequence");
  });
  test("are not linked once the user has its answer", () => {
    const s = frontAnswers(atFront()).client(WEB, "iissvc");
    expect(factsOf(anonymous(s).reply(401))[1]).not.toHaveProperty("frontSequence");
  });
  test("are not linked by time where two users wait", () => {
    const jane = (s: Scene) =>
      s
        .server(WEB)
        .host(HOST)
        .get("/", krb5(SPN, { issue: 9 }));
    const both = jane(atFront().client("192.168.2.102", "Jane")).client(WEB, "iissvc");
    const s = frontAnswers(anonymous(both).reply(401));
    expect(factsOf(s).filter((facts) => "frontSequence" in facts)).toEqual([]);
  });
});

describe("a token", () => {
  const root = (s: Scene) => report(s).sequences[1]?.findings[0]?.rule;
  test("too small for a TGT proves that none was handed over", () => {
    expect(root(frontAnswers(anonymous(atFront({ proof: 499 })).reply(401)))).toBe("del-no-fwd-tgt");
  });
  test("that may have held one proves nothing", () => {
    expect(root(frontAnswers(anonymous(atFront({ proof: 500 })).reply(401)))).toBe("del-anon-backend");
  });
});

/** The stories of a scene, before they stand in order. */
function storiesOf(s: Scene): Story[] {
  const stories: Story[] = [];
  const correlator = new Correlator(
    (story) => stories.push(story),
    () => {},
    new HostWish([]),
    { talkedOnlyTo: () => false, seed: 7 },
  );
  const river = new River({ platform }, (o) => correlator.observe(o), correlator);
  river.feed(s.pcap);
  river.end();
  correlator.end(river.now);
  return stories.sort((a, b) => a.frame - b.frame);
}

/** The front of `story` when these left before it. */
function frontAfter(before: readonly Story[], story: Story): Front | null {
  const fronts = new FrontSequences();
  fronts.ahead([...before.map((one, at) => ({ story: one, id: `before-${at}` })), { story, id: "last" }]);
  return fronts.beside(story, "last").front;
}

function pairOf(s: Scene): [Story, Story] {
  const [front, back] = storiesOf(frontAnswers(s));
  if (!front || !back) throw new Error("two stories are expected");
  return [front, back];
}

interface Likeness {
  readonly fingerprint?: string;
  readonly address?: string;
  readonly attempts?: readonly Attempt[];
}

/** The same login with another ticket, at another server, or with other requests. */
function like(story: Story, { fingerprint, address, attempts }: Likeness): Story {
  const renewed = (attempt: Attempt): Attempt => ({ ...attempt, apReq: ticketOf(attempt, fingerprint) });
  const legs = story.legs.map((leg) => ({
    ...leg,
    connection: address === undefined ? leg.connection : { ...leg.connection, server: { address, port: 80 } },
    attempts: (attempts ?? leg.attempts).map(renewed),
  }));
  return { ...story, legs };
}

function ticketOf({ apReq }: Attempt, fingerprint: string | undefined): Attempt["apReq"] {
  return apReq && fingerprint !== undefined ? { ...apReq, ticket: { ...apReq.ticket, fingerprint } } : apReq;
}

/** The attempt of a login that carries its token, as if it had waited between these frames. */
function waiting(story: Story, from: number, to: number): Attempt {
  const attempt = story.legs.flatMap((leg) => leg.attempts).find(({ token }) => token === "kerberos");
  const request = attempt?.exchange.request;
  const response = attempt?.exchange.response;
  if (!request || !response) throw new Error("no token");
  const exchange = { ...attempt.exchange, request: { ...request, frame: from }, response: { ...response, frame: to } };
  return { ...attempt, exchange };
}

const many = (length: number) => Array.from({ length }, (_, n) => n);
const LATER = 1_000_000;

describe("what is remembered", () => {
  const meanwhile = () => pairOf(anonymous(atFront()).reply(401));

  test("of tickets are limits.ticketsFollowed", () => {
    const [front, back] = pairOf(atBackWith(atFront(), { evidence: ticket(SPN), cname: "Jane" }));
    const others = (count: number) => many(count).map((n) => like(front, { fingerprint: `${n}`, address: CLIENT }));
    expect(frontAfter([front, ...others(limits.ticketsFollowed - 1)], back)?.how).toBe("evidence");
    expect(frontAfter([front, ...others(limits.ticketsFollowed)], back)?.how).not.toBe("evidence");
  });
  test("of servers are limits.frontServers", () => {
    const [front, back] = meanwhile();
    const others = (count: number) => many(count).map((n) => like(front, { address: addressOf(n) }));
    expect(frontAfter([front, ...others(limits.frontServers - 1)], back)?.how).toBe("meanwhile");
    expect(frontAfter([front, ...others(limits.frontServers)], back)).toBeNull();
  });
  test("of one server's logins are limits.frontLogins", () => {
    const [front, back] = meanwhile();
    const later = like(front, { attempts: [waiting(front, LATER, LATER + 1)] });
    expect(frontAfter([front, ...many(limits.frontLogins - 1).map(() => later)], back)?.id).toBe("before-0");
    expect(frontAfter([front, ...many(limits.frontLogins).map(() => later)], back)).toBeNull();
  });
  test("of one login's requests are limits.frontWaits", () => {
    const [front, back] = meanwhile();
    const behind = (count: number) => [
      ...many(count).map(() => waiting(front, 1, 2)),
      waiting(front, back.frame - 1, LATER),
    ];
    expect(frontAfter([like(front, { attempts: behind(limits.frontWaits - 1) })], back)?.how).toBe("meanwhile");
    expect(frontAfter([like(front, { attempts: behind(limits.frontWaits) })], back)).toBeNull();
  });
});
