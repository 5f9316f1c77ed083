import { limits } from "../../bytes/limits.ts";

/** A text of UTF-16 at `at`, up to its zero or `end`: as much of it as is kept of a name, and what stands behind it. */
export function utf16At(view: DataView, at: number, end: number): { readonly text: string; readonly next: number } {
  const units: number[] = [];
  let place = at;
  for (; place + 2 <= end; place += 2) {
    const unit = view.getUint16(place, true);
    if (unit === 0) break;
    if (units.length < limits.traceNameCharacters) units.push(unit);
  }
  return { text: String.fromCharCode(...units).trim(), next: Math.min(end, place + 2) };
}
