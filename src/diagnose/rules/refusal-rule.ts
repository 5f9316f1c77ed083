import type { KrbError } from "../../../dissectors/kerberos/message.ts";
import type { Story } from "../../correlate/story.ts";
import type { Advice, Hit, Rule } from "../rule.ts";
import type { Words } from "../words.ts";

/** What a table of KRB-ERRORs says of some codes; `Seen` is the refused question with the error that answered it. */
export interface Refusal<Seen> {
  readonly id: string;
  readonly codes: readonly number[];
  /** What must be true beside the code; true where it is left out. */
  readonly fits?: (seen: Seen) => boolean;
  readonly title: string;
  readonly specs: readonly string[];
  readonly causes: (seen: Seen) => readonly string[];
  readonly confirm: (w: Words) => readonly string[];
  readonly fix: (w: Words, seen: Seen | null) => readonly string[];
}

/**
 * A rule for each entry of a table: `errorOf` is the error that explains a story, `find` the refusal with it, `tell` its
 * sentence and frames.
 */
export function refusalRules<Seen>(
  on: Pick<Rule, "about" | "ends">,
  table: readonly Refusal<Seen>[],
  errorOf: (story: Story) => KrbError | null,
  find: (story: Story) => Seen | null,
  tell: (seen: Seen) => Hit,
): Rule[] {
  return table.map((entry) => ({
    id: entry.id,
    severity: "error",
    ...on,
    title: entry.title,
    specs: entry.specs,
    check(story): Hit | null {
      const code = errorOf(story)?.errorCode;
      if (code === undefined || !entry.codes.includes(code)) return null;
      const seen = find(story);
      if (!seen || entry.fits?.(seen) === false) return null;
      return { ...tell(seen), causes: entry.causes(seen) };
    },
    advise: (w, story): Advice => ({ causes: [], confirm: entry.confirm(w), fix: entry.fix(w, find(story)) }),
  }));
}
