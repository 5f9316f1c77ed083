import { limits } from "../bytes/limits.ts";
import { inOrder } from "../correlate/steps.ts";
import type { Story } from "../correlate/story.ts";
import type { Finding } from "../model/report.ts";
import { asCommand } from "./command.ts";
import type { Hit, Rule } from "./rule.ts";
import { rules } from "./rules/index.ts";
import { unexplained } from "./rules/unexplained.ts";
import type { Words } from "./words.ts";
import { wordsOf } from "./words.ts";

/** What the rules find in a story: the root cause of a diverged one first, then warnings, then information. */
export function conclude(story: Story): Finding[] {
  const words = wordsOf(story);
  const findings: Finding[] = [];
  if (story.verdict === "diverged") findings.push(rootCause(story, words));
  for (const severity of ["warning", "info"] as const) {
    for (const rule of rules) {
      if (rule.severity !== severity) continue;
      const hit = rule.check(story, words);
      if (hit) findings.push(toFinding(rule, hit, story, words));
    }
  }
  return findings;
}

function rootCause(story: Story, words: Words): Finding {
  for (const rule of rules) {
    if (rule.severity !== "error") continue;
    const hit = rule.check(story, words);
    if (hit) return toFinding(rule, { ...hit, step: story.divergedAt }, story, words);
  }
  const rule = unexplained(story);
  return toFinding(rule, { ...rule.hit, step: story.divergedAt }, story, words);
}

function toFinding(rule: Rule, hit: Hit, story: Story, words: Words): Finding {
  const frames = cap(inOrder(hit.frames.length > 0 ? hit.frames : [story.frame]));
  const advice = rule.advise(words, story);
  return {
    rule: rule.id,
    severity: rule.severity,
    step: hit.step ?? null,
    title: rule.title,
    detail: hit.detail,
    ...(hit.code ? { code: hit.code } : {}),
    frames,
    filter: frames.map((frame) => `frame.number == ${frame}`).join(" || "),
    causes: hit.causes ?? advice.causes,
    confirm: advice.confirm.map(asCommand),
    fix: advice.fix.map(asCommand),
  };
}

function cap(frames: readonly number[]): number[] {
  if (frames.length <= limits.framesPerStep) return [...frames];
  const half = limits.framesPerStep / 2;
  return [...frames.slice(0, half), ...frames.slice(-half)];
}
