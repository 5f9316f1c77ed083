import { describe, expect, test } from "vitest";
import { Correlator } from "../../src/correlate/correlator.ts";
import { HostWish } from "../../src/correlate/host-wish.ts";
import type { Story } from "../../src/correlate/story.ts";
import type { Rule } from "../../src/diagnose/rule.ts";
import { noAdvice } from "../../src/diagnose/rule.ts";
import { rules } from "../../src/diagnose/rules/index.ts";
import { Shown } from "../../src/diagnose/shown.ts";
import type { Ending, Subject } from "../../src/diagnose/subjects.ts";
import { bitsOf, endingOf, subjectsOf } from "../../src/diagnose/subjects.ts";
import { nothing, pretend } from "../../src/explain/pretend.ts";
import { FrontSequences } from "../../src/front-sequences.ts";
import { River } from "../../src/river.ts";
import { SequenceWindow } from "../../src/sequence-window.ts";
import type { Scene } from "../scene/scene.ts";
import { platform } from "../scene/verdict.ts";
import { witnesses } from "./witnesses.ts";

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

/** Every story of a capture, with the front that it serves. */
function storiesOf(capture: Scene, hosts: readonly string[]): readonly Story[] {
  const stories: Story[] = [];
  const fronts = new FrontSequences();
  const window = new SequenceWindow(
    (story, id) => stories.push(fronts.beside(story, id)),
    undefined,
    (leaving) => fronts.ahead(leaving),
  );
  const correlator = new Correlator(
    (story, weight) => window.add(story, weight),
    () => {},
    new HostWish(hosts),
    { talkedOnlyTo: (address, peer) => river.net.talkedOnlyTo(address, peer), seed: platform.seed() },
  );
  const river = new River({ platform }, (observation) => correlator.observe(observation), correlator);
  river.feed(capture.pcap);
  river.end();
  correlator.end(river.now);
  window.end();
  return stories;
}

describe("a story is shown every rule that has something to say of it", () => {
  /** Of these a rule does not ask again. */
  const conditions = bitsOf(["ok", "diverged", "gap", "legs"]);
  const isKept = ({ about = [], ends }: Rule, ending: Ending | null, subjects: number) => {
    const lacking = bitsOf(about) & ~subjects;
    if ((lacking & conditions) !== 0) return false;
    return lacking !== 0 || (ends !== undefined && (ending === null || !ends.includes(ending)));
  };

  test.each(
    witnesses.flatMap(({ rule, fires, spared, hosts }, row) => [
      [`${rule} ${row}`, fires, hosts] as const,
      [`beside ${rule} ${row}`, spared, hosts] as const,
    ]),
  )("%s", (_, capture, hosts) => {
    const silent = storiesOf(capture, hosts).flatMap((story) => {
      const kept = rules.filter((rule) => isKept(rule, endingOf(story), subjectsOf(story)));
      // Root causes are asked of what diverged alone.
      const asked = kept.filter(({ severity }) => severity !== "error" || story.verdict === "diverged");
      return asked.filter((rule) => rule.check(story) !== null).map(({ id }) => id);
    });
    expect(silent).toEqual([]);
  });
});
