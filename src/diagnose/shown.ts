import type { Rule } from "./rule.ts";
import { bitsOf } from "./subjects.ts";

/** Rules in their order, sorted out once for every set of subjects that stories have. */
export class Shown {
  private readonly rules: readonly { readonly rule: Rule; readonly needs: number }[];
  private readonly bySubjects = new Map<number, readonly Rule[]>();

  constructor(rules: readonly Rule[]) {
    this.rules = rules.map((rule) => ({ rule, needs: bitsOf(rule.about ?? []) }));
  }

  /** The rules that have something to look at in a story with these subjects. */
  to(subjects: number): readonly Rule[] {
    const known = this.bySubjects.get(subjects);
    if (known) return known;
    const shown = this.rules.filter(({ needs }) => (needs & subjects) === needs).map(({ rule }) => rule);
    this.bySubjects.set(subjects, shown);
    return shown;
  }
}
