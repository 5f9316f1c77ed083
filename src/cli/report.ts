import { type Analysis, analyze } from "../index.ts";
import { type Format, reporters } from "../report/index.ts";
import { complain } from "./complain.ts";
import { problemOf } from "./endings.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit.ts";
import { openOneInput } from "./input.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";
import { nodePlatform } from "./platform.ts";
import { readInput } from "./reading.ts";
import { lookOf } from "./terminal.ts";
import { unreadDocument } from "./unread.ts";
import { watched } from "./watched.ts";

/** `kflow FILE`: reads the capture and writes the report on it. */
export async function report(options: Options, format: Format, output: Output): Promise<ExitCode> {
  const { createReporter } = await reporters[format]();
  const reporter = watched(createReporter(lookOf(options)), format);
  let begun: Analysis | null = null;
  // How the input is compressed is known once its first bytes were read, so nothing begins before.
  const analysis = (compression: string | null = null) => {
    const captures = [{ name: options.file, compression, size: null }];
    begun ??= analyze(reporter, output.write, { captures, hosts: options.hosts, platform: nodePlatform });
    return begun;
  };
  const input = await openOneInput(options.file, (problem, { compression }) => analysis(compression).problem(problem));
  if (typeof input === "string") return await unopened(options.file, input, format, output);

  const reader = {
    feed: (chunk: Uint8Array) => analysis(input.compression).feed(chunk),
    get stopped() {
      return analysis(input.compression).stopped;
    },
  };
  const ending = await readInput(input, reader, options, output);
  const early = problemOf(ending, options);
  if (early !== null) analysis(input.compression).problem(early);
  analysis(input.compression).end(early !== null);
  if (analysis().unreadable) complain(`${options.file}: ${reporter.firstProblem ?? "nothing could be read"}`);
  return ending === "interrupted" ? exitCodes.interrupted : exitCodeOf(analysis().verdict, analysis().unreadable);
}

async function unopened(file: string, why: string, format: Format, output: Output): Promise<ExitCode> {
  complain(why);
  if (format === "json") output.write(await unreadDocument(file, why));
  return exitCodes.unreadable;
}
