import { limits } from "../bytes/limits.ts";
import { processText } from "./etl/process-text.ts";

/** A program and the number of its process: `lsass.exe (680)`; where its name is not known, as `processText`. */
export function processName(program: string, id: number): string | null {
  return program === "" ? processText(id) : `${program} (${id})`;
}

/** The file name of a path, which alone is shown: the folders above it hold the names of users. */
export function programOf(path: string): string {
  const from = Math.max(path.lastIndexOf("\\"), path.lastIndexOf("/")) + 1;
  return path.slice(from, from + limits.programCharacters);
}
