import type { Story } from "../correlate/story.ts";
import type { Code, Severity } from "../model/report.ts";
import type { Ending, Subject } from "./subjects.ts";
import type { Words } from "./words.ts";

/** What a rule found: the evidence, and the sentence that the evidence supports. */
export interface Hit {
  readonly detail: string;
  readonly frames: readonly number[];
  readonly code?: Code;
  /** For a warning or information: the step it concerns. A root cause stands at the step that diverged. */
  readonly step?: number | null;
  /** Causes in the order that this evidence suggests, in place of the rule's own. */
  readonly causes?: readonly string[];
}

/** What we believe about a problem: ranked causes, and the commands that confirm and repair it. May be wrong; edit it. */
export interface Advice {
  readonly causes: readonly string[];
  readonly confirm: readonly string[];
  readonly fix: readonly string[];
}

/**
 * A diagnosis: an identity card and a check.
 *
 * A rule of severity `error` names the root cause of a diverged story: the first one that hits, in the order of
 * `rules/index.ts`, is reported. Warnings and information are reported each.
 */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly specs: readonly string[];
  /** Stories without each of these are not shown to the rule: most go well, and should cost little. */
  readonly about?: readonly Subject[];
  /** The same of stories that ended otherwise. */
  readonly ends?: readonly Ending[];
  check(story: Story): Hit | null;
  advise(words: Words, story: Story): Advice;
}

export const noAdvice: Advice = { causes: [], confirm: [], fix: [] };
