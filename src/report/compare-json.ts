import type { Comparison } from "../model/comparison.ts";
import { jsonText } from "./json-text.ts";

/** The comparison as one JSON document. */
export function comparisonText(comparison: Comparison): string {
  return `${jsonText(comparison, 2)}\n`;
}
