import { limits } from "../bytes/limits.ts";
import { inOrder } from "../correlate/steps.ts";
import type { Story } from "../correlate/story.ts";
import type { Finding } from "../model/report.ts";
import { asCommand } from "./command.ts";
import type { Hit, Rule, Subject } from "./rule.ts";
import { rules } from "./rules/index.ts";
import { unexplained } from "./rules/unexplained.ts";
import { StoryWords } from "./words.ts";

/** What the rules find in a story: the root cause of a diverged one first, then warnings, then information. */
export function conclude(story: Story): Finding[] {
  const findings: Finding[] = [];
  if (story.verdict === "diverged") findings.push(rootCause(story));
  for (const rule of notesOn(story)) {
    const hit = rule.check(story);
    if (hit) findings.push(toFinding(rule, hit, story));
  }
  return findings;
}

const bitOf = { legs: 1, quests: 2, locator: 4 } as const satisfies Record<Subject, number>;
const causes = rules.filter((rule) => rule.severity === "error");
const notes = [
  ...rules.filter((rule) => rule.severity === "warning"),
  ...rules.filter((rule) => rule.severity === "info"),
];

/** The notes by what a story has: legs, quests, a locator's search, in the bits of the index. */
const notesBySubjects = Array.from({ length: 8 }, (_, has) =>
  notes.filter(({ about }) => about === undefined || (has & bitOf[about]) !== 0),
);

function notesOn({ legs, quests, locator }: Story): readonly Rule[] {
  const has =
    (legs.length > 0 ? bitOf.legs : 0) | (quests.length > 0 ? bitOf.quests : 0) | (locator ? bitOf.locator : 0);
  return notesBySubjects[has] ?? notes;
}

function rootCause(story: Story): Finding {
  for (const rule of causes) {
    const hit = rule.check(story);
    if (hit) return toFinding(rule, { ...hit, step: story.divergedAt }, story);
  }
  const rule = unexplained(story);
  return toFinding(rule, { ...rule.hit, step: story.divergedAt }, story);
}

function toFinding(rule: Rule, hit: Hit, story: Story): Finding {
  const words = new StoryWords(story);
  const frames = cap(inOrder(hit.frames.length > 0 ? hit.frames : [story.frame]));
  const advice = rule.advise(words, story);
  const finding: Finding = {
    rule: rule.id,
    severity: rule.severity,
    step: hit.step ?? null,
    title: rule.title,
    detail: hit.detail,
    frames,
    filter: frames.map((frame) => `frame.number == ${frame}`).join(" || "),
    causes: hit.causes ?? advice.causes,
    confirm: advice.confirm.map(asCommand),
    fix: advice.fix.map(asCommand),
  };
  return hit.code ? { ...finding, code: hit.code } : finding;
}

function cap(frames: readonly number[]): readonly number[] {
  if (frames.length <= limits.framesPerStep) return frames;
  const half = limits.framesPerStep / 2;
  return [...frames.slice(0, half), ...frames.slice(-half)];
}
