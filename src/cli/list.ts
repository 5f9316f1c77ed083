import { describe, listMessages } from "../index.ts";
import { type ListFormat, listers } from "../report/index.ts";
import { complain } from "./complain.ts";
import { problemOf } from "./endings.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { openOneInput } from "./input.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";
import { nodePlatform } from "./platform.ts";
import { readInput } from "./reading.ts";

/** `kflow messages FILE`: writes a line per message while the capture is read; problems go to standard error. */
export async function list(options: Options, format: ListFormat, output: Output): Promise<ExitCode> {
  const { createLister } = await listers[format]();
  const lister = createLister(describe);
  const listing = listMessages({
    platform: nodePlatform,
    observation: (observation) => output.write(lister.observation(observation)),
    problem: ({ text, frame }) => complain(frame === undefined ? text : `${text} (frame ${frame})`),
  });
  const input = await openOneInput(options.file, ({ text }) => complain(text));
  if (typeof input === "string") {
    complain(input);
    return exitCodes.unreadable;
  }
  output.write(lister.begin());
  const ending = await readInput(input, listing, options, output);
  // Where the reader of the list went away there is nothing left to say.
  if (output.closed) return exitCodes.ok;
  const early = problemOf(ending, options);
  listing.end(early !== null);
  if (early !== null) complain(early.text);
  if (ending === "interrupted") return exitCodes.interrupted;
  return listing.unreadable ? exitCodes.unreadable : exitCodes.ok;
}
