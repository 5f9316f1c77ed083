import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { Isolation } from "../../src/diagnose/isolation.ts";
import type { Sequence } from "../../src/model/report.ts";
import { type Scene, WEB } from "../scene/scene.ts";
import { FILE_HOST, FILES, filesScene, loggedOn, ntlmLogin, offered } from "../scene/smb.ts";
import { report } from "../scene/verdict.ts";

const WEB_SPN = `HTTP/${FILE_HOST}`;
const isolated = (s: Scene) => report(s).findings.filter(({ rule }) => rule === "isolation");
const webRefused = (s: Scene) =>
  s.socket("web").server(FILES, 80).get("/").reply(401, "Negotiate").tgsReq(WEB_SPN).krbError(7).close();

describe("the same client at the same host", () => {
  test("where one service works and another does not, what works clears what they share", () => {
    const [finding] = isolated(webRefused(loggedOn()));
    expect(finding?.detail).toContain(`logged on to cifs/${FILE_HOST}`);
    expect(finding?.detail).toContain(`${WEB_SPN} (f1), at the same address, was left at step 6`);
    expect(finding?.causes[0]).toMatch(/^the SPN of that service alone/);
    expect(finding?.confirm).toEqual([`setspn -Q ${WEB_SPN}`]);
  });
  test.each([
    ["both work", () => loggedOn()],
    ["both fail", () => webRefused(ntlmLogin(offered()))],
    ["one alone fails", () => webRefused(filesScene())],
    [
      "the other is at another host",
      () => loggedOn().host("w").server(WEB, 80).get("/").reply(401, "Negotiate").close(),
    ],
  ])("nothing is said where %s", (_, scene) => {
    expect(isolated(scene())).toEqual([]);
  });
});

function login(n: number, kind: "http" | "smb", isWorking: boolean, user = "John"): Sequence {
  return {
    id: `f${n}`,
    kind,
    client: { address: `10.0.0.${n}`, user },
    service: { address: "10.1.1.1" },
    verdict: isWorking ? "ok" : "diverged",
    divergedAt: isWorking ? null : 6,
    outcome: isWorking ? "kerberos" : "refused",
    facts: {},
    steps: [],
    findings: [],
  };
}

test("two users are two stories", () => {
  const isolation = new Isolation();
  isolation.add(login(1, "smb", true));
  isolation.add(login(1, "http", false, "Jane"));
  expect(isolation.findings()).toEqual([]);
});

test("beyond limits.isolatedHosts nobody is compared", () => {
  const isolation = new Isolation();
  for (let n = 0; n <= limits.isolatedHosts; n++) isolation.add(login(n, "smb", true));
  for (let n = 0; n <= limits.isolatedHosts; n++) isolation.add(login(n, "http", false));
  expect(isolation.findings()).toHaveLength(limits.isolatedHosts);
});
