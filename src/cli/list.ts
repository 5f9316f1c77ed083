import { describe, listMessages, type NamedCapture } from "../index.ts";
import type { ReportProblem } from "../model/report.ts";
import { type ListFormat, listers } from "../report/index.ts";
import { complain } from "./complain.ts";
import { problemOf } from "./endings.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { spokenName } from "./files.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";
import { nodePlatform } from "./platform.ts";
import { readInputs } from "./reading.ts";

/** `kflow messages FILE…`: writes a line per message while the captures are read; problems go to standard error. */
export async function list(options: Options, format: ListFormat, output: Output): Promise<ExitCode> {
  const { createLister } = await listers[format]();
  const lister = createLister(describe);
  const { window, filter } = options;
  const read = await readInputs(options, output, (captures) => {
    const listing = listMessages({
      captures,
      window,
      filter,
      platform: nodePlatform,
      observation: (observation) => output.write(lister.observation(observation, listing.placeOf)),
      problem: (problem) => complain(sentenceOf(problem, captures)),
    });
    output.write(lister.begin());
    return listing;
  });
  if (typeof read === "string") {
    complain(read);
    return exitCodes.unreadable;
  }
  const { fed: listing, ending } = read;
  // Where the reader of the list went away there is nothing left to say.
  if (output.closed) return exitCodes.ok;
  const early = problemOf(ending, options);
  listing.end(early !== null);
  if (early !== null) complain(early.text);
  if (ending === "interrupted") return exitCodes.interrupted;
  return listing.unreadable ? exitCodes.unreadable : exitCodes.ok;
}

/** Several captures are told apart by their names; one needs none. */
function sentenceOf({ text, frame, capture }: ReportProblem, captures: readonly NamedCapture[]): string {
  const name = captures.length > 1 ? `${spokenName(captures[capture]?.name ?? "")}: ` : "";
  return `${name}${text}${frame === undefined ? "" : ` (frame ${frame})`}`;
}
