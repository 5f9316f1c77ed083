import { describe, type Message } from "../dissectors/registry.ts";
import { ClockBook } from "./correlate/clocks.ts";
import { Correlator } from "./correlate/correlator.ts";
import { HostWish } from "./correlate/host-wish.ts";
import { captureFindings } from "./diagnose/capture-findings.ts";
import { clockFindings } from "./diagnose/clock-findings.ts";
import { Isolation } from "./diagnose/isolation.ts";
import { keyFindings } from "./diagnose/key-findings.ts";
import { rc4Findings } from "./diagnose/rc4-findings.ts";
import { toSequence } from "./diagnose/sequence.ts";
import { FrontSequences } from "./front-sequences.ts";
import type { Observation } from "./model/observation.ts";
import {
  type OverallVerdict,
  REPORT_SCHEMA,
  type Reporter,
  type ReportProblem,
  type Sequence,
  type Text,
} from "./model/report.ts";
import { OverallJudge } from "./overall.ts";
import { type PlaceOf, placedClock, placedFinding, placedSequence } from "./placed.ts";
import { Processes } from "./processes.ts";
import { type Feeding, noEvents, type Reading, River } from "./river.ts";
import { SequenceWindow } from "./sequence-window.ts";
import { version } from "./version.ts";

export interface AnalyzeOptions extends Reading {
  /** `--host`: only sequences of these hosts. */
  readonly hosts: readonly string[];
}

/** Captures being read, that write their report as they are. */
export interface Analysis extends Feeding {
  /** Known after `end`. */
  readonly verdict: OverallVerdict;
}

/** The whole program: frames → packets → messages → stories → sequences → text. */
export function analyze<T extends Text>(
  reporter: Reporter<T>,
  write: (text: T) => void,
  options: AnalyzeOptions,
): Analysis {
  const judge = new OverallJudge();
  const fronts = new FrontSequences();
  const processes = new Processes();
  const clocks = new ClockBook();
  const isolation = new Isolation();
  const tell = (sequence: Sequence) => {
    judge.add(sequence);
    isolation.add(sequence);
    const whole = processes.beside(river.drops.beside(sequence));
    write(reporter.sequence(river.placeOf ? placedSequence(whole, river.placeOf) : whole));
  };
  const window = new SequenceWindow(
    (story, id) => tell(toSequence(fronts.beside(story, id), id, fronts.backsOf(id), describe)),
    (frame) => idOf(frame, river.placeOf),
    (leaving) => fronts.ahead(leaving),
  );
  const correlator = new Correlator(
    (story, weight) => window.add(story, weight),
    (problem) => river.report(problem),
    new HostWish(options.hosts),
    { talkedOnlyTo: (address, peer) => river.net.talkedOnlyTo(address, peer), seed: options.platform.seed() },
  );
  const observe = (observation: Observation) => {
    if (river.process !== null) processes.note(observation.frame, river.process);
    clocks.observe(observation);
    correlator.observe(observation);
  };
  const river = new River(options, observe, correlator);
  write(reporter.begin({ schema: REPORT_SCHEMA, tool: { name: "kflow", version } }));

  return {
    wants: () => river.wants(),
    feed: (chunk, capture) => river.feed(chunk, capture),
    finish: (capture) => river.finish(capture),
    problem: (problem, capture) => river.problem(problem, capture),
    end(early = false) {
      river.end(early);
      const tally = correlator.end(river.now);
      window.end();
      const captures = river.summaries();
      const { placeOf } = river;
      const told = clocks.list();
      const isZoneAssumed = captures.some(({ about }) => about?.zoneAssumed === true);
      const clockContext = { isRefused: clocks.isRefused, isZoneAssumed };
      const found = [
        ...captureFindings(tally, captures, river.net.links()),
        ...clockFindings(told, clockContext),
        ...isolation.findings(),
        ...keyFindings(tally.services),
        ...rc4Findings(tally.services, tally.weak),
      ];
      const findings = placeOf ? found.map((finding) => placedFinding(finding, placeOf)) : found;
      write(
        reporter.end({
          findings,
          problems: river.problems.list(),
          captures,
          clocks: placeOf ? told.map((clock) => placedClock(clock, placeOf)) : told,
          verdict: judge.verdict,
        }),
      );
    },
    get stopped() {
      return river.stopped;
    },
    get unreadable() {
      return river.unreadable;
    },
    get verdict() {
      return judge.verdict;
    },
  };
}

/** `f12`; of the third of several captures `f12@2`. */
function idOf(number: number, placeOf: PlaceOf | null): string {
  if (placeOf === null) return `f${number}`;
  const { capture, frame } = placeOf(number);
  return `f${frame}@${capture}`;
}

export interface ListOptions extends Reading {
  readonly observation: (observation: Observation) => void;
  readonly problem: (problem: ReportProblem) => void;
}

/** Reads captures for their messages alone: the river as far as dispatch. */
export function listMessages(options: ListOptions): River {
  return new River(options, options.observation, noEvents, options.problem);
}

export type { Message };
