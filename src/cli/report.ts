import { analyze } from "../index.ts";
import { type Format, reporters } from "../report/index.ts";
import { complain } from "./complain.ts";
import { problemOf } from "./endings.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit.ts";
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
  if (analysis.unreadable) complain(`${options.files.join(", ")}: ${reporter.firstProblem ?? "nothing could be read"}`);
  return ending === "interrupted" ? exitCodes.interrupted : exitCodeOf(analysis.verdict, analysis.unreadable);
}

async function unopened(files: readonly string[], why: string, format: Format, output: Output): Promise<ExitCode> {
  complain(why);
  if (format === "json") output.write(await unreadDocument(files, why));
  return exitCodes.unreadable;
}
