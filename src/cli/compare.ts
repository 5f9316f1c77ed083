import { analyze, type Comparison, compare, pairOf, type Reporter, type Sequence, type Side } from "../index.ts";
import { type CompareFormat, comparers } from "../report/index.ts";
import { complain } from "./complain.ts";
import { problemOf } from "./endings.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { spokenName } from "./files.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";
import { nodePlatform } from "./platform.ts";
import { readInputs } from "./reading.ts";
import { lookOf } from "./terminal.ts";

const NOTHING =
  "the captures hold no two sequences of one kind that could be compared; kflow FILE shows what each of them holds";

/** `kflow compare GOOD BAD`, or two sequences of one capture: what differs, and what of it explains a failure. */
export async function compareCaptures(options: Options, format: CompareFormat, output: Output): Promise<ExitCode> {
  const { comparisonText } = await comparers[format]();
  const [first = "", second = first] = options.files;
  const left = await readSide(first, options, output);
  if (typeof left === "string") return failed(left);
  const right = second === first ? left : await readSide(second, options, output);
  if (typeof right === "string") return failed(right);
  const isInterrupted = left.isInterrupted || right.isInterrupted;
  const pair = pairOf(left.sequences, right.sequences);
  if (pair === null) {
    complain(NOTHING);
    return isInterrupted ? exitCodes.interrupted : exitCodes.none;
  }
  const [one, other] = pair;
  const comparison = compare(sideOf(first, one), sideOf(second, other));
  output.write(comparisonText(comparison, lookOf(options)));
  if (isInterrupted) return exitCodes.interrupted;
  return isAlike(comparison) ? exitCodes.ok : exitCodes.diverged;
}

function sideOf(capture: string, sequence: Sequence): Side {
  return { capture, sequence };
}

function isAlike({ left, right }: Comparison): boolean {
  return left.sequence.verdict === right.sequence.verdict && left.sequence.divergedAt === right.sequence.divergedAt;
}

function failed(why: string): ExitCode {
  complain(why);
  return exitCodes.unreadable;
}

interface ReadSide {
  readonly sequences: readonly Sequence[];
  readonly isInterrupted: boolean;
}

/** All sequences of one capture; a complaint where it cannot be read. */
async function readSide(file: string, options: Options, output: Output): Promise<ReadSide | string> {
  const sequences: Sequence[] = [];
  const problems: string[] = [];
  const collector: Reporter = {
    begin: () => "",
    sequence(sequence) {
      sequences.push(sequence);
      return "";
    },
    end(tail) {
      problems.push(...tail.problems.map(({ text }) => `${spokenName(file)}: ${text}`));
      return "";
    },
  };
  const { hosts, window, filter } = options;
  const read = await readInputs({ ...options, files: [file] }, output, (captures) =>
    analyze(collector, () => {}, { captures, hosts, window, filter, platform: nodePlatform }),
  );
  if (typeof read === "string") return read;
  const early = problemOf(read.ending, options);
  if (early !== null) problems.push(`${spokenName(file)}: ${early.text}`);
  read.fed.end(early !== null);
  if (read.fed.unreadable) return problems[0] ?? `${spokenName(file)}: nothing could be read`;
  for (const problem of problems) complain(problem);
  return { sequences, isInterrupted: read.ending === "interrupted" };
}
