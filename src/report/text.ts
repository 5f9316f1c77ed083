import { limits } from "../bytes/limits.ts";
import type { CaptureSummary, Finding, Reporter, ReportProblem, Sequence, Tail } from "../model/report.ts";
import { clean } from "./clean.ts";
import { findingLines } from "./finding-text.ts";
import type { Look } from "./look.ts";
import { sequenceLines, summaryLines, verdictInk } from "./sequence-text.ts";
import { overallSentence } from "./words.ts";
import { indented } from "./wrap.ts";

/**
 * The report for people. The verdict comes first: sequences are held back until the end of the capture, up to
 * `limits.heldSequences`; where there are more, they are written as they come and the verdict stands at the end.
 */
export function createReporter(look: Look): Reporter {
  const held: Sequence[] = [];
  let total = 0;
  let diverged = 0;
  let incomplete = 0;
  return {
    begin: () => "",
    sequence(sequence) {
      total++;
      if (sequence.verdict === "diverged") diverged++;
      if (sequence.verdict === "incomplete") incomplete++;
      if (total <= limits.heldSequences) {
        held.push(sequence);
        return "";
      }
      return lines([...release(held, look), ...separated(sequence, look)]);
    },
    end(tail) {
      const verdict = paintedVerdict(
        overallSentence(tail, { total, diverged, incomplete }, look.isNarrowed),
        tail,
        look,
      );
      if (total > limits.heldSequences) return lines([...tailLines(tail, look), "", ...verdict]);
      if (held.length === 1)
        return lines([...held.flatMap((one) => sequenceLines(one, look)), ...tailLines(tail, look)]);
      return lines([...verdict, ...severalLines(held, look), ...tailLines(tail, look)]);
    },
  };
}

/** What was held back before the limit was reached; afterwards nothing is. */
function release(held: Sequence[], look: Look): string[] {
  const first = held.splice(0);
  if (first.length === 0) return [];
  return [
    `More than ${limits.heldSequences} sequences: the verdict on the capture is the last line.`,
    ...severalLines(first, look),
  ];
}

function severalLines(sequences: readonly Sequence[], look: Look): string[] {
  if (sequences.length === 0) return [];
  const list = sequences.flatMap((sequence) => summaryLines(sequence, look));
  if (look.quiet) return list;
  return ["", ...list, ...sequences.flatMap((sequence) => separated(sequence, look))];
}

function separated(sequence: Sequence, look: Look): string[] {
  if (look.quiet) return summaryLines(sequence, look);
  const rule = look.paint("dim", "─".repeat(Math.min(look.width, 160)));
  return ["", rule, ...sequenceLines(sequence, look)];
}

function paintedVerdict(sentence: string, tail: Tail, look: Look): string[] {
  const ink = (line: string) => look.paint("bold", look.paint(verdictInk[tail.verdict], line));
  return indented(sentence, look.width, 2, "").map(ink);
}

/** What concerns the capture as a whole. */
function tailLines(tail: Tail, look: Look): string[] {
  if (look.quiet) return tail.problems.flatMap((problem) => problemLines(problem, tail.captures, look));
  return [
    ...section(
      "About the capture",
      tail.findings.flatMap((finding: Finding) => findingLines(finding, look)),
      look,
    ),
    ...section(
      "Problems",
      tail.problems.flatMap((problem) => problemLines(problem, tail.captures, look)),
      look,
    ),
    ...(tail.captures.length === 0
      ? []
      : ["", ...tail.captures.flatMap((_, at) => captureLines(tail.captures, at, look))]),
  ];
}

function section(title: string, body: readonly string[], look: Look): string[] {
  return body.length === 0 ? [] : ["", look.paint("bold", title), ...body];
}

/** `captures`: those among which the problem's is named. */
export function problemLines(problem: ReportProblem, captures: readonly CaptureSummary[], look: Look): string[] {
  const name = captures.length > 1 ? `${captures[problem.capture]?.name ?? ""}: ` : "";
  const places = [
    ...(problem.frame === undefined ? [] : [`frame ${problem.frame}`]),
    ...(problem.offset === undefined ? [] : [`byte ${problem.offset}`]),
  ];
  const place = places.length === 0 ? "" : ` (${places.join(", ")})`;
  return indented(clean(`${name}${problem.text}${place}`), look.width, 4, "  - ");
}

/** `spn-missing.pcap: pcap, 57 frames, 2026-11-20 09:30:17.123 to 09:30:19.456 UTC` */
function captureLines(captures: readonly CaptureSummary[], at: number, look: Look): string[] {
  const capture = captures[at];
  if (capture === undefined) return [];
  const parts = [
    capture.format ?? "not recognised",
    ...(capture.compression === null ? [] : [capture.compression]),
    capture.frames === 1 ? "1 frame" : `${capture.frames} frames`,
    ...(capture.cutFrames === 0 ? [] : [`${capture.cutFrames} cut short by the capture's snap length`]),
    ...(capture.repeatedFrames === undefined ? [] : [`${capture.repeatedFrames} of packets that other frames show`]),
    ...(capture.clockAhead === undefined ? [] : [`clock ${distance(capture.clockAhead)} that of the first capture`]),
    ...period(capture),
  ];
  // Frames of several captures are named by this number.
  const number = captures.length > 1 ? `${at + 1}  ` : "";
  const line = clean(`${number}${capture.name}: ${parts.join(", ")}`);
  return indented(line, look.width, 2, "").map((one) => look.paint("dim", one));
}

/** `1.25 s ahead of` */
function distance(seconds: number): string {
  return `${Number(Math.abs(seconds).toFixed(3))} s ${seconds < 0 ? "behind" : "ahead of"}`;
}

function period({ firstTime, lastTime }: CaptureSummary): string[] {
  if (firstTime === null || lastTime === null) return [];
  const sameDay = firstTime.slice(0, 10) === lastTime.slice(0, 10);
  return [`${moment(firstTime)} to ${sameDay ? moment(lastTime).slice(11) : moment(lastTime)} UTC`];
}

/** `2026-11-20 09:30:17.123` */
function moment(iso: string): string {
  return iso.slice(0, 23).replace("T", " ");
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}
