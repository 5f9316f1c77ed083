import { existsSync } from "node:fs";
import { limits } from "../bytes/limits.ts";
import { type Input, type InputProblemSink, openInputs } from "./input.ts";
import type { Options } from "./options.ts";

const WILDCARD = /[*?[\]{}]/;

/**
 * The captures that the words of a command line name: files, `-`, and patterns that the shell left as they are. A
 * sentence of complaint where one of them cannot be opened.
 */
export async function inputsOf(words: readonly string[], report: InputProblemSink): Promise<readonly Input[] | string> {
  const paths: string[] = [];
  for (const word of words) paths.push(...(await pathsOf(word)));
  if (paths.filter((path) => path === "-").length > 1) return "standard input can be read once";
  const inputs: Input[] = [];
  for (const path of paths) {
    const opened = await openInputs(path, report);
    if (typeof opened === "string") return opened;
    inputs.push(...opened);
    if (inputs.length > limits.captures) return `more than ${limits.captures} captures at once; mergecap joins them`;
  }
  return inputs;
}

/** A file may bear the name of a pattern; the files of a pattern come in the order of their names. */
async function pathsOf(word: string): Promise<readonly string[]> {
  if (word === "-" || !WILDCARD.test(word) || existsSync(word)) return [word];
  const { glob } = await import("tinyglobby");
  const pattern = process.platform === "win32" ? word.replaceAll("\\", "/") : word;
  const found = await glob(pattern, { expandDirectories: false, onlyFiles: true });
  return found.length === 0 ? [word] : found.sort();
}

/** A capture as sentences name it. */
export function spokenName(path: string): string {
  return path === "-" ? "standard input" : path;
}

/** All captures of a command line, for one sentence about them. */
export function namesIn({ files }: Pick<Options, "files">): string {
  return files.map(spokenName).join(", ");
}
