/** The candidate that a mistyped word most likely meant, or null where none is close. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  return nearestOf(word, candidates, 1)[0] ?? null;
}

/** The candidates that a mistyped word may have meant, nearest first, at most so many; those that are far off are left out. */
export function nearestOf(word: string, candidates: readonly string[], most: number): string[] {
  const shortened = word.slice(0, LONGEST);
  return candidates
    .filter((candidate) => Math.abs(candidate.length - shortened.length) <= allowed(candidate))
    .map((candidate) => ({ candidate, edits: editsBetween(shortened, candidate) }))
    .filter(({ candidate, edits }) => edits <= allowed(candidate))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** Longer words were not mistyped but meant as something else. */
const LONGEST = 40;

function allowed(candidate: string): number {
  return Math.max(1, Math.floor(candidate.length / 3));
}

/** Letters to insert, delete or replace to turn one word into the other (Levenshtein's distance). */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
