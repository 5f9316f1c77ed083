import { describe, expect, test } from "vitest";
import { groupsIn, loadsOf, nextLimit } from "../../src/diagnose/token-sizes.ts";
import { HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { loggedOn } from "../scene/smb.ts";
import { apRepToken, krb5 } from "../scene/tokens.ts";
import { report } from "../scene/verdict.ts";

const sent = (size: number) =>
  scene()
    .dns(HOST, WEB)
    .get("/")
    .reply(401, "Negotiate")
    .get("/", krb5(SPN, { size }))
    .header("Server: Microsoft-IIS/10.0");
const accepted = (size: number) => sent(size).reply(200, apRepToken());
const sizesOf = (s: Scene) => JSON.parse(JSON.stringify(report(s).sequences.at(-1)?.facts["sizes"] ?? null));
const detailOf = (s: Scene, rule: string) =>
  report(s).sequences.flatMap(({ findings }) => findings.filter((one) => one.rule === rule))[0]?.detail;

describe("sizes of a token", () => {
  test("are those of ticket, token and header", () => {
    const sizes = sizesOf(accepted(1000));
    expect(sizes.ticketBytes).toBe(1000);
    expect(sizes.tokenBytes).toBeGreaterThan(1000);
    expect(sizes.headerBytes).toBeGreaterThan((sizes.tokenBytes * 4) / 3);
    expect(sizes.limits).toBeUndefined();
  });
  test("stand beside the limits that they come near, and that of the server", () => {
    const { limits, headerBytes } = sizesOf(accepted(5000));
    const of = (name: string) => limits.find(({ server }: { server: string }) => server === name);
    expect(of("http.sys")).toEqual({
      server: "http.sys",
      limit: 16_384,
      share: Math.round(headerBytes / 163.84) / 100,
    });
    expect(of("Tomcat").share).toBeGreaterThan(0.5);
    expect(of("Kestrel")).toBeUndefined();
  });
  test("of other protocols have no header", () => {
    expect(sizesOf(loggedOn())).toMatchObject({ ticketBytes: expect.any(Number), tokenBytes: expect.any(Number) });
    expect(sizesOf(loggedOn()).headerBytes).toBeUndefined();
  });
});

describe("what is said of large tokens", () => {
  test("names the limits that are exceeded, and how far the next one is", () => {
    const detail = detailOf(accepted(6500), "ap-size-warn");
    expect(detail).toMatch(
      /above the default limits of Apache \(8190\), nginx \(8192\), Tomcat \(8192\), Jetty \(8192\)\./,
    );
    expect(detail).toMatch(
      /The next, of HAProxy \(15360\), is \d+ characters away: about \d+ groups of the user's domain/,
    );
    expect(detail).not.toContain("MaxTokenSize");
    expect(detailOf(accepted(12_500), "ap-size-warn")).toContain("MaxTokenSize");
    expect(detailOf(accepted(5000), "ap-size-warn")).toBeUndefined();
  });
  test("names what a refused one would have to lose, for the server that answered", () => {
    const detail = detailOf(sent(13_000).reply(400), "ap-400-size");
    expect(detail).toMatch(/to fit that of http\.sys, the user would have to leave about \d+ groups/);
    expect(detailOf(sent(3000).reply(400), "ap-400-size")).not.toContain("would have to leave");
  });
});

describe("groups", () => {
  test("take 8 bytes in the user's domain and 40 elsewhere, a third more in base64", () => {
    expect(groupsIn(1600)).toBe("about 150 groups of the user's domain, or 30 of other domains or from sIDHistory");
    expect(groupsIn(5)).toMatch(/^about 1 group of/);
  });
  test("cannot reach a limit where all are exceeded", () => {
    const sizes = { ticketBytes: 40_000, tokenBytes: 41_000, fieldBytes: 55_000, headerBytes: 55_100 };
    expect(nextLimit(sizes)).toBe("");
    expect(loadsOf(sizes).every(({ limit, used }) => used > limit)).toBe(true);
  });
});
