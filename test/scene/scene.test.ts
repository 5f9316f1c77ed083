import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { HOST, type Scene, SPN, scene, WEB } from "./scene.ts";
import {
  acceptToken,
  apRepToken,
  errorToken,
  krb5,
  ntlm,
  ntlmInSpnego,
  ntlmInsteadToken,
  rejectToken,
} from "./tokens.ts";
import { told } from "./verdict.ts";

const login = () =>
  scene().dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).reply(200, apRepToken());

test("a scene is read as the documented login", () => {
  expect(told(login())).toEqual(["http ok kerberos"]);
});

test("the same scene is the same file", () => {
  expect(login().pcap).toEqual(login().pcap);
});

const scenes: readonly (readonly [string, Scene])[] = [
  ["the documented login", login()],
  [
    "a sign-on over UDP and TCP",
    scene().asReq().krbError(25).asReq({ proof: true }).krbError(52).asReq({ proof: true, over: "tcp" }).issued(),
  ],
  [
    "tokens of all kinds",
    scene()
      .get("/", krb5(SPN, { as: "gss" }))
      .reply(200, acceptToken())
      .get("/", krb5(SPN, { size: 4000 }))
      .reply(401, errorToken(41))
      .get("/", krb5(SPN))
      .reply(401, rejectToken())
      .get("/", krb5(SPN))
      .reply(401, ntlmInsteadToken())
      .get("/", ntlm(1))
      .reply(401, ntlm(2))
      .get("/", ntlm(3))
      .reply(200)
      .get("/", ntlmInSpnego())
      .reply(401)
      .close(),
  ],
  [
    "refusals",
    scene()
      .dns("www.contoso.com", `CNAME ${HOST}`, WEB)
      .dnsQuery("x.contoso.com")
      .dnsError(3)
      .tgsReq(SPN)
      .krbError(13, { ntStatus: 0xc00000bb, etext: "no", cname: "John" })
      .tgs(SPN, { over: "tcp", forUser: "Jane" }),
  ],
  [
    "failures below",
    scene()
      .syn()
      .synRepeat()
      .refused()
      .dnsQuery(HOST)
      .icmp(3)
      .arp(WEB)
      .tls(HOST)
      .reset()
      .tgsReq(SPN, { fragments: 512 }),
  ],
];

const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
const COMPLAINTS = '_ws.malformed || _ws.expert.severity == "Error"';

function tshark(path: string, filter: string): string {
  const shown = spawnSync("tshark", ["-n", "-r", path, "-Y", filter], { encoding: "utf8" });
  return shown.status === 0 ? shown.stdout : shown.stderr;
}

describe.skipIf(!hasTshark)("tshark finds nothing wrong with", () => {
  const folder = mkdtempSync(join(tmpdir(), "kflow-scene-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(scenes)("%s", (name, { pcap }) => {
    const path = join(folder, `${name}.pcap`);
    writeFileSync(path, pcap);
    expect(tshark(path, COMPLAINTS)).toBe("");
    expect(tshark(path, "kerberos || http || dns || tls")).not.toBe("");
  });
});
