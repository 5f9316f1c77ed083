import { existsSync, readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { errorNames } from "../dissectors/kerberos/codes.ts";
import { rules } from "../src/diagnose/rules/index.ts";
import type { Finding } from "../src/model/report.ts";
import { witnesses } from "./diagnose/witnesses.ts";
import { HOST, type Scene, SPN, scene, WEB } from "./scene/scene.ts";
import { bareErrorToken, errorToken, krb5 } from "./scene/tokens.ts";
import { report } from "./scene/verdict.ts";

/** Every rule is seen to fire and seen to hold back; every error code gets an answer. */

interface Named {
  readonly severity: string;
  readonly id: string;
  readonly title: string;
}

/** Two rules may share an id and never a title too. */
const nameOf = ({ severity, id, title }: Named) => `${severity} ${id}: ${title}`;
const findingName = ({ severity, rule, title }: Finding) => nameOf({ severity, id: rule, title });

function fired(capture: Scene, hosts: readonly string[]): Finding[] {
  return report(capture, ...hosts).sequences.flatMap(({ findings }) => [...findings]);
}

describe("every rule", () => {
  const seen = new Set<string>();
  beforeAll(() => {
    for (const { fires, hosts } of witnesses) for (const finding of fired(fires, hosts)) seen.add(findingName(finding));
  });

  test("has a name of its own", () => {
    const all = rules.map(nameOf);
    expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
  });
  test.each(rules.map((rule) => [nameOf(rule)]))("has a witness: %s", (name) => {
    expect([...seen]).toContain(name);
  });
  test.each(
    witnesses.map((one, row) => [one.rule, row, one] as const),
  )("%s fires in witness %i, and not beside it", (rule, _, one) => {
    const hits = fired(one.fires, one.hosts).filter((finding) => finding.rule === rule);
    expect(hits).not.toEqual([]);
    const near = new Set(fired(one.spared, one.hosts).map(findingName));
    expect(hits.filter((hit) => near.has(findingName(hit)))).toEqual([]);
  });
  test.each(
    rules.filter(({ severity }) => severity === "error").map((rule) => [rule.id, rule] as const),
  )("of severity error says where it stands written, or is about what no specification covers: %s", (_, { specs }) =>
    expect(specs.every((one) => /^(RFC|MS-[A-Z]+) ?\S*/.test(one))).toBe(true));
});

describe("every KRB-ERROR code", () => {
  const codes = [...Array.from({ length: 101 }, (_, code) => code), 200];
  /** Rounds of a sign-on that may go on: no refusals. */
  const rounds = new Set([25, 52, 91]);
  const challenged = () => scene().dns(HOST, WEB).get("/").reply(401, "Negotiate");

  function rootOf(capture: Scene): Finding | undefined {
    return report(capture)
      .sequences.flatMap(({ findings }) => findings)
      .find(({ severity }) => severity === "error");
  }
  function expectNamed(capture: Scene, code: number): void {
    const root = rootOf(capture);
    expect(root).toMatchObject({ code: { protocol: "kerberos", number: code } });
    expect(root?.code?.name).toBe(errorNames[code] ?? root?.code?.name);
    expect(rules.some(({ id }) => id === root?.rule) || root?.rule.startsWith("unexplained-")).toBe(true);
  }

  test.each(codes)("%i answering an AS-REQ", (code) => {
    const refused = scene().asReq().krbError(code).wait(60);
    if (rounds.has(code)) expect(rootOf(refused)).toBeUndefined();
    else expectNamed(refused, code);
  });
  test.each(codes.filter((code) => code !== 52))("%i answering a TGS-REQ", (code) => {
    expectNamed(challenged().tgsReq(SPN).krbError(code).close(), code);
    expectNamed(scene().tgsReq("cifs/files.contoso.com").krbError(code), code);
  });
  const presented = () => challenged().tgs(SPN).get("/", krb5(SPN));
  test.each(codes)("%i answering an AP-REQ", (code) => {
    expectNamed(presented().reply(401, bareErrorToken(code)), code);
  });
  // ap-reject-negstate takes every code that has no rule, says "without a KRB-ERROR" and names no code.
  test("answering an AP-REQ inside a rejecting NegTokenResp", () => {
    for (const code of codes) expectNamed(presented().reply(401, errorToken(code)), code);
  });
  test("of the table has a name of its own", () => {
    expect(new Set(Object.values(errorNames)).size).toBe(Object.values(errorNames).length);
  });
});

const samples = new URL("../samples/", import.meta.url);
const sampled = existsSync(samples)
  ? readdirSync(samples).filter((name) => existsSync(new URL(`${name}/expected.json`, samples)))
  : [];

describe.skipIf(sampled.length === 0)("every sample", () => {
  test.each(sampled)("%s has findings of known rules", (name) => {
    const text = readFileSync(new URL(`${name}/expected.json`, samples), "utf8");
    const found = [...text.matchAll(/"rule": "([^"]+)"/g)].map((match) => match[1] ?? "");
    const known = new Set([
      ...rules.map(({ id }) => id),
      "weak-candidates",
      "cap-truncated",
      "cap-link-type",
      "cap-lost",
      "cap-discarded",
      "cap-time-order",
      "cap-unfinished",
      "cap-overwritten",
      "cap-duplicates",
      "clock-apart",
      "clock-zone",
      "isolation",
      "ticket-kvno-differs",
      "ticket-etype-differs",
      "rc4-services",
      "rc4-clients",
      "rc4-accounts",
    ]);
    expect(found.filter((id) => !known.has(id))).toEqual([]);
  });
});

const table = new URL("../../shared/captures/lab/expected.tsv", import.meta.url);

describe.skipIf(!existsSync(table))("every scenario of the table of expectations", () => {
  const judged = new Set(["http", "ticket", "sign-on", "*"]);
  const rows = existsSync(table)
    ? readFileSync(table, "utf8")
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((row) => row.split("\t"))
    : [];
  const wanted = rows
    .filter(([, , kind = ""]) => judged.has(kind))
    .map(([name = "", , , , , , ids = ""]) => [name, ids] as const);

  test.each(wanted.filter(([, ids]) => ids !== "*" && ids !== "-"))("%s: one of its roots exists: %s", (_, ids) => {
    expect(ids.split("|").some((id) => rules.some((rule) => rule.id === id))).toBe(true);
  });
});
