import { describe, expect, test } from "vitest";
import type { Rule } from "../../src/diagnose/rule.ts";
import { noAdvice } from "../../src/diagnose/rule.ts";
import { Shown } from "../../src/diagnose/shown.ts";
import type { Subject } from "../../src/diagnose/subjects.ts";
import { bitsOf, subjectsOf } from "../../src/diagnose/subjects.ts";
import { nothing, pretend } from "../../src/explain/pretend.ts";

const ruleOn = (id: string, ...about: readonly Subject[]): Rule => ({
  id,
  severity: "info",
  title: id,
  specs: [],
  about,
  check: () => null,
  advise: () => noAdvice,
});

describe("rules shown to a story", () => {
  const shown = new Shown([ruleOn("a"), ruleOn("b", "quests"), ruleOn("c", "quests", "diverged"), ruleOn("d", "ok")]);
  const idsFor = (...subjects: readonly Subject[]) => shown.to(bitsOf(subjects)).map(({ id }) => id);

  test.each([
    ["nothing", [], "a"],
    ["a search", ["quests"], "a b"],
    ["a search that failed", ["quests", "diverged"], "a b c"],
    ["a failure without a search", ["diverged"], "a"],
    ["what else it has does not matter", ["ok", "quests", "legs"], "a b d"],
  ] as const)("%s", (_, subjects, ids) => expect(idsFor(...subjects).join(" ")).toBe(ids));

  test("are sorted out once", () => expect(shown.to(bitsOf(["quests"]))).toBe(shown.to(bitsOf(["quests"]))));
});

describe("subjects of a story", () => {
  test("of nothing", () => expect(subjectsOf(nothing("sign-on"))).toBe(0));
  test("of a refused ticket", () =>
    expect(subjectsOf(pretend("ticket", 7))).toBe(bitsOf(["diverged", "ticket-refused", "quests"])));
  test("of a refused delegation", () =>
    expect(subjectsOf(pretend("delegation", 13))).toBe(bitsOf(["diverged", "ticket-refused", "quests", "delegation"])));
});
