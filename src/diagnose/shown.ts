import { Slots } from "../bytes/slots.ts";
import type { Rule } from "./rule.ts";
import { bitsOf, type Ending } from "./subjects.ts";

/** Rules in their order, sorted out once for every ending and set of subjects that stories have. */
export class Shown {
  private readonly rules: readonly Rule[];
  private readonly byEnding = new Map<Ending | null, Slots<readonly Rule[]>>();

  constructor(rules: readonly Rule[]) {
    this.rules = rules;
  }

  /** The rules that have something to look at in a story that ended so and has these subjects. */
  to(ending: Ending | null, subjects: number): readonly Rule[] {
    const known = this.byEnding.get(ending) ?? this.sortedOut(ending);
    return known.of(subjects);
  }

  private sortedOut(ending: Ending | null): Slots<readonly Rule[]> {
    const rules = this.rules
      .filter(({ ends }) => ends === undefined || (ending !== null && ends.includes(ending)))
      .map((rule) => ({ rule, needs: bitsOf(rule.about ?? []) }));
    const bySubjects = new Slots((subjects) =>
      rules.filter(({ needs }) => (needs & subjects) === needs).map(({ rule }) => rule),
    );
    this.byEnding.set(ending, bySubjects);
    return bySubjects;
  }
}
