import { limits } from "../bytes/limits.ts";
import { grown, inOrder, NONE } from "../correlate/order.ts";
import type { Story } from "../correlate/story.ts";
import type { Finding } from "../model/report.ts";
import { asCommands } from "./command.ts";
import type { Hit, Rule } from "./rule.ts";
import { rules } from "./rules/index.ts";
import { unexplained } from "./rules/unexplained.ts";
import { Shown } from "./shown.ts";
import { endingOf, subjectsOf } from "./subjects.ts";
import { StoryWords } from "./words.ts";

/** What the rules find in a story: the root cause of a diverged one first, then warnings, then information. */
export function conclude(story: Story, subjects = subjectsOf(story)): readonly Finding[] {
  const findings = story.verdict === "diverged" ? [rootCause(story, subjects)] : null;
  return noted(story, subjects, findings) ?? NONE;
}

/** Adds what there is to say beside the verdict; most stories that went well say nothing. */
function noted(story: Story, subjects: number, before: Finding[] | null): Finding[] | null {
  let findings = before;
  for (const rule of notes.to(endingOf(story), subjects)) {
    const hit = rule.check(story);
    if (hit) findings = grown(findings, toFinding(rule, hit, hit.step ?? null, story));
  }
  return findings;
}

const causes = new Shown(rules.filter((rule) => rule.severity === "error"));
const notes = new Shown([
  ...rules.filter((rule) => rule.severity === "warning"),
  ...rules.filter((rule) => rule.severity === "info"),
]);

function rootCause(story: Story, subjects: number): Finding {
  for (const rule of causes.to(endingOf(story), subjects)) {
    const hit = rule.check(story);
    if (hit) return toFinding(rule, hit, story.divergedAt, story);
  }
  const rule = unexplained(story);
  return toFinding(rule, rule.hit, story.divergedAt, story);
}

function toFinding(rule: Rule, hit: Hit, step: number | null, story: Story): Finding {
  const words = new StoryWords(story);
  const frames = cap(inOrder(hit.frames.length > 0 ? hit.frames : [story.frame]));
  const advice = rule.advise(words, story);
  const finding: Finding = {
    rule: rule.id,
    severity: rule.severity,
    step,
    title: rule.title,
    detail: hit.detail,
    frames,
    filter: filterOf(frames),
    causes: hit.causes ?? advice.causes,
    confirm: asCommands(advice.confirm),
    fix: asCommands(advice.fix),
  };
  return hit.code ? { ...finding, code: hit.code } : finding;
}

/** A display filter that shows these frames. */
function filterOf(frames: readonly number[]): string {
  return `frame.number == ${frames.join(" || frame.number == ")}`;
}

function cap(frames: readonly number[]): readonly number[] {
  if (frames.length <= limits.framesPerStep) return frames;
  const half = limits.framesPerStep / 2;
  return [...frames.slice(0, half), ...frames.slice(-half)];
}
