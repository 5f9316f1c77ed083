import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DC, HOST, type Scene, SPN, scene, together, WEB } from "../scene/scene.ts";
import { answered, CIFS, FILES, loggedOn, ntlmLogin, offered, presented, status } from "../scene/smb.ts";
import { apRepToken, basic, cutToken, errorToken, krb5, ntlm, rejectToken } from "../scene/tokens.ts";
import { line, report, told } from "../scene/verdict.ts";

/** Scenes in which anything may follow anything: no story to expect, but rules that every report keeps. */

const acts: Readonly<Record<string, (s: Scene) => Scene>> = {
  dns: (s) => s.dns(HOST, WEB),
  noName: (s) => s.dnsQuery(HOST).dnsError(3),
  silentName: (s) => s.dnsQuery(HOST),
  get: (s) => s.get("/"),
  getOther: (s) => s.get("/other"),
  challenge: (s) => s.get("/").reply(401, "Negotiate"),
  ntlmOnly: (s) => s.get("/").reply(401, "NTLM"),
  page: (s) => s.get("/").reply(200),
  token: (s) => s.get("/", krb5(SPN)),
  tokenOk: (s) => s.get("/", krb5(SPN)).reply(200, apRepToken()),
  otherTokenOk: (s) => s.get("/", krb5(SPN, { issue: 2 })).reply(200, apRepToken()),
  tokenRefused: (s) => s.get("/", krb5(SPN)).reply(401, errorToken(41)),
  tokenRejected: (s) => s.get("/other", krb5(SPN)).reply(401, rejectToken()),
  tokenCut: (s) => s.get("/", cutToken(SPN)).reply(401, "Negotiate"),
  proxyAsks: (s) => s.get("/").reply(407, "Negotiate"),
  ntlm: (s) => s.get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200),
  basic: (s) => s.get("/", basic).reply(200),
  tgs: (s) => s.tgs(SPN),
  tgsTwo: (s) => s.tgs(SPN, { issue: 2, over: "tcp" }),
  tgsSilent: (s) => s.tgsReq(SPN),
  tgsRefused: (s) => s.tgsReq(SPN).krbError(7),
  tgsTooBig: (s) => s.tgsReq(SPN).krbError(52),
  referral: (s) => s.tgsReq(SPN).referral("FABRIKAM.COM"),
  hop: (s) => s.tgs("krbtgt/FABRIKAM.COM"),
  renewal: (s) => s.tgs("krbtgt/CONTOSO.COM"),
  asOk: (s) => s.asReq({ proof: true }).issued(),
  asRefused: (s) => s.asReq().krbError(18),
  asRound: (s) => s.asReq().krbError(25),
  asSilent: (s) => s.asReq(),
  kdcBlocked: (s) => s.kdcSyn().wait(1).again(),
  webBlocked: (s) => s.socket("x").syn().refused().socket(""),
  arp: (s) => s.arp(WEB),
  icmp: (s) => s.asReq().icmp(3, DC),
  tls: (s) => s.socket("t").tls(HOST).server(WEB, 80).socket(""),
  smbOffer: (s) => offered(s.server(FILES, 445)).server(WEB, 80),
  smbToken: (s) => presented(offered(s.server(FILES, 445))).server(WEB, 80),
  smbOk: (s) => loggedOn(offered(s.server(FILES, 445))).server(WEB, 80),
  smbRefused: (s) =>
    presented(offered(s.server(FILES, 445)))
      .says("server", answered(status.LOGON_FAILURE))
      .server(WEB, 80),
  smbNtlm: (s) => ntlmLogin(offered(s.server(FILES, 445))).server(WEB, 80),
  smbOldTicket: (s) => s.tgsReq(CIFS).krbError(7),
  socketA: (s) => s.socket("a"),
  socketB: (s) => s.socket("b"),
  close: (s) => s.get("/").close(),
  serverCloses: (s) => s.get("/").close("server"),
  reset: (s) => s.get("/").reset(),
  lost: (s) => s.unseen((unseen) => unseen.get("/", krb5(SPN)).reply(200, apRepToken())),
  again: (s) => s.again(),
  second: (s) => s.wait(1.5),
  pause: (s) => s.wait(7),
  halfMinute: (s) => s.wait(31),
  tenMinutes: (s) => s.wait(600),
};

const names = fc.array(fc.constantFrom(...Object.keys(acts)), { minLength: 1, maxLength: 12 });

function play(steps: readonly string[], start = scene()): Scene {
  for (const step of steps) acts[step]?.(start);
  return start;
}

/** The same scenes in every run: what other seeds found stands as a scene of its own beside the rule it broke. */
const RUNS = { numRuns: 100, seed: 2026 };

describe("whatever happens", () => {
  test("the report keeps the contract, with and without a host", () => {
    fc.assert(
      fc.property(names, (steps) => {
        const s = play(steps);
        const whole = report(s);
        const worst = whole.sequences.some(({ verdict }) => verdict === "diverged");
        expect(whole.verdict === "diverged").toBe(worst);
        report(s, HOST);
      }),
      RUNS,
    );
  });
  test("ids are unique, frames exist, and sequences stand in order of their first frames", () => {
    fc.assert(
      fc.property(names, (steps) => {
        const s = play(steps);
        const { sequences } = report(s);
        const ids = sequences.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const firsts = ids.map((id) => Number(id.slice(1).split("-")[0]));
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
        const frames = sequences.flatMap((one) => [...one.steps, ...one.findings].flatMap((part) => part.frames));
        expect(frames.every((frame) => typeof frame === "number" && frame >= 1 && frame <= s.frames.length)).toBe(true);
      }),
      RUNS,
    );
  });
  test("a sequence says the same of itself with its host named", () => {
    fc.assert(
      fc.property(names, (steps) => {
        const s = play(steps);
        const named = new Map(report(s, HOST).sequences.map((one) => [one.id, line(one)]));
        for (const one of report(s).sequences) {
          if (one.service.host === HOST) expect(named.get(one.id)).toBe(line(one));
        }
      }),
      RUNS,
    );
  });
  test("another client between the frames changes nothing", () => {
    fc.assert(
      fc.property(names, names, (mine, others) => {
        const one = play(mine);
        const end = one.frames.at(-1);
        // What others call an address may serve a client that asked nobody for a name.
        const nameless = others.filter((step) => step !== "dns");
        const other = play(nameless, scene().client("192.168.2.222"));
        const inside = other.frames.filter((shot) => shot.seconds < (end?.seconds ?? 0));
        const both = report(together(one, { frames: inside })).sequences.filter(
          ({ client }) => client.address !== "192.168.2.222",
        );
        expect(both.map(line)).toEqual(told(one));
      }),
      RUNS,
    );
  });
});
