import { describe, expect, test } from "vitest";
import type { Rule } from "../../src/diagnose/rule.ts";
import { noAdvice } from "../../src/diagnose/rule.ts";
import { Shown } from "../../src/diagnose/shown.ts";
import type { Ending, Subject } from "../../src/diagnose/subjects.ts";
import { bitsOf, endingOf, subjectsOf } from "../../src/diagnose/subjects.ts";
import { nothing, pretend } from "../../src/explain/pretend.ts";

const ruleOn = (id: string, about: readonly Subject[], ends?: readonly Ending[]): Rule => ({
  id,
  severity: "info",
  title: id,
  specs: [],
  about,
  ...(ends && { ends }),
  check: () => null,
  advise: () => noAdvice,
});

describe("rules shown to a story", () => {
  const shown = new Shown([
    ruleOn("a", []),
    ruleOn("b", ["quests"]),
    ruleOn("c", ["quests", "diverged"]),
    ruleOn("d", ["ok"]),
    ruleOn("e", ["quests"], ["tgs-refused", "lost"]),
  ]);
  const idsFor = (ending: Ending | null, ...subjects: readonly Subject[]) =>
    shown.to(ending, bitsOf(subjects)).map(({ id }) => id);

  test.each([
    ["nothing", null, [], "a"],
    ["a search", null, ["quests"], "a b"],
    ["a search that failed", "tgs-silent", ["quests", "diverged"], "a b c"],
    ["one that ended in a way that a rule speaks of", "tgs-refused", ["quests", "diverged"], "a b c e"],
    ["one of which the capture lacks something", "lost", ["quests", "gap"], "a b e"],
    ["the end alone does not do", "tgs-refused", ["diverged"], "a"],
    ["what else it has does not matter", null, ["ok", "quests", "legs"], "a b d"],
  ] as const)("%s", (_, ending, subjects, ids) => expect(idsFor(ending, ...subjects).join(" ")).toBe(ids));

  test("are sorted out once", () => {
    const again = () => shown.to("lost", bitsOf(["quests"]));
    expect(again()).toBe(again());
  });
});

describe("subjects of a story", () => {
  test("of nothing", () => expect(subjectsOf(nothing("sign-on"))).toBe(0));
  test("of a refused ticket", () => {
    const story = pretend("ticket", 7);
    expect(subjectsOf(story)).toBe(bitsOf(["diverged", "quests"]));
    expect(endingOf(story)).toBe("tgs-refused");
  });
  test("of a refused delegation", () =>
    expect(subjectsOf(pretend("delegation", 13))).toBe(bitsOf(["diverged", "quests", "delegation"])));
  test("of a refused sign-on", () =>
    expect(subjectsOf(pretend("sign-on", 24))).toBe(bitsOf(["diverged", "sign-on-refused"])));
});
