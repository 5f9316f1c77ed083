import { existsSync } from "node:fs";
import { nearest } from "../bytes/nearest.ts";
import { analyze } from "../index.ts";
import { type Format, reporters } from "../report/index.ts";
import { commands, isCommand } from "./commands.ts";
import { complain } from "./complain.ts";
import { problemOf } from "./endings.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit.ts";
import { namesIn } from "./files.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";
import { nodePlatform } from "./platform.ts";
import { readInputs } from "./reading.ts";
import { lookOf } from "./terminal.ts";
import { unreadDocument } from "./unread.ts";
import { watched } from "./watched.ts";

/** `kflow FILE…`: reads the captures and writes the report on them. */
export async function report(options: Options, format: Format, output: Output): Promise<ExitCode> {
  const { createReporter } = await reporters[format]();
  const reporter = watched(createReporter(lookOf(options)), format);
  const { hosts, window, filter } = options;
  const read = await readInputs(options, output, (captures) =>
    analyze(reporter, output.write, { captures, hosts, window, filter, platform: nodePlatform }),
  );
  if (typeof read === "string") return await unopened(options.files, read, format, output);
  const { fed: analysis, ending } = read;
  const early = problemOf(ending, options);
  if (early !== null) analysis.problem(early);
  analysis.end(early !== null);
  if (analysis.unreadable) complain(`${namesIn(options)}: ${reporter.firstProblem ?? "nothing could be read"}`);
  return ending === "interrupted" ? exitCodes.interrupted : exitCodeOf(analysis.verdict, analysis.unreadable);
}

async function unopened(files: readonly string[], why: string, format: Format, output: Output): Promise<ExitCode> {
  const whole = why + hintFor(files[0]);
  complain(whole);
  if (format === "json") output.write(await unreadDocument(files, whole));
  return exitCodes.unreadable;
}

/** A first word that is no file may be a command with a letter too many. */
function hintFor(word = ""): string {
  if (word === "-" || existsSync(word)) return "";
  const meant = nearest(word, Object.keys(commands).filter(isCommand));
  return meant === null ? "" : `; did you mean kflow ${meant}?`;
}
