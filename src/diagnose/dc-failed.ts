import type { Fate, PingedDc } from "../correlate/locator-fates.ts";
import type { DcLocator, Story } from "../correlate/story.ts";
import { spellDcs } from "./dc-words.ts";
import type { Words } from "./words.ts";

export const ERROR_1355 =
  "Windows calls this error 1355 (ERROR_NO_SUCH_DOMAIN): it found no domain controller that it could use.";

/** The locator of a story that found none among the controllers it pinged. */
export function failed(story: Story): DcLocator | null {
  return story.why?.what === "dc-not-found" ? story.locator : null;
}

export function having(dcs: readonly PingedDc[], fate: Fate): PingedDc[] {
  return dcs.filter((dc) => dc.fate === fate);
}

export function others(story: Story, all: readonly PingedDc[], these: readonly PingedDc[]): string {
  const rest = all.filter((dc) => !these.includes(dc));
  return rest.length === 0 ? "" : ` Nor was there a good answer of ${spellDcs(story, rest)}.`;
}

export const testsOf = (w: Words) => [`nltest /dsgetdc:${w.domain} /force`];
