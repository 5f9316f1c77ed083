import type { Look } from "../report/look.ts";
import { painted, unpainted } from "../report/paint.ts";
import { isTerminal } from "./builtin.ts";
import type { Options } from "./options.ts";

const PIPE_COLUMNS = 100;
const NARROWEST = 20;

/** Columns of the terminal on standard output; a fixed number where there is none, so that files come out alike. */
export function columns(): number {
  return isTerminal(1) ? Math.max(NARROWEST, process.stdout.columns || 80) : PIPE_COLUMNS;
}

/** How the text report is to look: as asked for, else as the terminal allows. */
export function lookOf(options: Options): Look {
  return {
    width: options.width ?? columns(),
    paint: wantsColor(options.color) ? painted : unpainted,
    quiet: options.quiet,
    isNarrowed: options.hosts.length > 0 || options.window !== null || options.filter !== null,
  };
}

/** `NO_COLOR` (https://no-color.org) and dumb terminals stay plain. */
function wantsColor(choice: Options["color"]): boolean {
  if (choice !== "auto") return choice === "always";
  const { NO_COLOR, TERM } = process.env;
  return isTerminal(1) && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}
