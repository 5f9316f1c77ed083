import { describe, type Message } from "../dissectors/registry.ts";
import { openCapture } from "./capture/capture.ts";
import { Correlator } from "./correlate/correlator.ts";
import { HostWish } from "./correlate/host-wish.ts";
import { captureFindings } from "./diagnose/capture-findings.ts";
import { toSequence } from "./diagnose/sequence.ts";
import { openDispatch } from "./dispatch/dispatch.ts";
import { FrontSequences } from "./front-sequences.ts";
import { newFrameView } from "./model/frame.ts";
import type { Observation } from "./model/observation.ts";
import type { Problem } from "./model/problem.ts";
import { type OverallVerdict, REPORT_SCHEMA, type Reporter } from "./model/report.ts";
import { openNet } from "./net/net.ts";
import type { NetSink } from "./net/sink.ts";
import { OverallJudge } from "./overall.ts";
import type { Platform } from "./platform.ts";
import { ProblemList } from "./problems.ts";
import { SequenceWindow } from "./sequence-window.ts";
import { version } from "./version.ts";

export interface AnalyzeOptions {
  readonly captureName: string;
  readonly compression: string | null;
  /** `--host`: only sequences of these hosts. */
  readonly hosts: readonly string[];
  readonly platform: Platform;
}

/** A capture being read: fed with pieces of any size, it writes its report as it goes. */
export interface Analysis {
  feed(chunk: Uint8Array): void;
  /** Something the front end met: a cut archive, a time-out. */
  problem(problem: Problem): void;
  /** `early`: the front end stopped before the input ended, so a waiting tail is no fault of the capture. */
  end(early?: boolean): void;
  /** No more frames will come, whatever is fed. */
  readonly stopped: boolean;
  /** Known after `end`. */
  readonly verdict: OverallVerdict;
  /** Nothing could be read at all. */
  readonly unreadable: boolean;
}

/** The whole program: frames → packets → messages → stories → sequences → text. */
export function analyze(reporter: Reporter, write: (text: string) => void, options: AnalyzeOptions): Analysis {
  const problems = new ProblemList();
  const report = (problem: Problem) => problems.add(problem);
  const judge = new OverallJudge();
  const fronts = new FrontSequences();
  const window = new SequenceWindow((story, id) => {
    const sequence = toSequence(story, id, fronts.follow(story, id), describe);
    judge.add(sequence);
    write(reporter.sequence(sequence));
  });
  const wish = new HostWish(options.hosts);
  const correlator = new Correlator((story) => window.add(story), report, wish, {
    talkedOnlyTo: (address, peer) => river.net.talkedOnlyTo(address, peer),
  });
  const river = openRiver((o) => correlator.observe(o), correlator, report, options.platform);
  write(reporter.begin({ schema: REPORT_SCHEMA, tool: { name: "kflow", version } }));

  return {
    feed: river.feed,
    problem: report,
    end(early = false) {
      river.end(early);
      const tally = correlator.end(river.now());
      window.end();
      const summary = { name: options.captureName, compression: options.compression, ...river.summary() };
      const findings = captureFindings(tally, summary, river.net.undecoded());
      write(reporter.end({ findings, problems: problems.list(), captures: [summary], verdict: judge.verdict }));
    },
    get stopped() {
      return river.stopped();
    },
    get verdict() {
      return judge.verdict;
    },
    get unreadable() {
      return river.summary().format === null;
    },
  };
}

type Events = Pick<NetSink, "failed" | "unreachable" | "silentNeighbour" | "lostDatagram">;

/** Capture, net and dispatch joined: bytes in, observations and events out. */
function openRiver(
  emit: (observation: Observation) => void,
  events: Events,
  report: (problem: Problem) => void,
  platform: Platform,
) {
  const view = newFrameView();
  const now = { seconds: 0, nanos: 0 };
  let isEarly = false;
  const capture = openCapture((problem) => {
    if (!isEarly) report(problem);
  });
  const dispatch = openDispatch(emit, report, platform);
  const net = openNet(
    {
      ...dispatch,
      failed: (failure) => events.failed(failure),
      unreachable: (error) => events.unreachable(error),
      silentNeighbour: (silence) => events.silentNeighbour(silence),
      lostDatagram: (datagram) => events.lostDatagram(datagram),
    },
    platform.seed(),
    report,
  );
  const drain = () => {
    while (capture.next(view)) {
      net.frame(view);
      if (view.seconds >= now.seconds) {
        now.seconds = view.seconds;
        now.nanos = view.nanos;
      }
    }
  };
  return {
    net,
    now: () => ({ ...now }),
    summary: () => capture.summary(),
    stopped: () => capture.stopped,
    feed(chunk: Uint8Array) {
      capture.feed(chunk);
      drain();
    },
    end(early = false) {
      // The tail of an input that was not read to its end is no fault of the capture.
      isEarly = early;
      capture.end();
      drain();
      net.end();
    },
  };
}

export interface ListOptions {
  readonly platform: Platform;
  readonly observation: (observation: Observation) => void;
  readonly problem: (problem: Problem) => void;
}

/** Reads a capture for its messages alone: the river as far as dispatch. */
export function listMessages(options: ListOptions): Pick<Analysis, "feed" | "end" | "stopped" | "unreadable"> {
  const ignore = () => {};
  const events: Events = { failed: ignore, unreachable: ignore, silentNeighbour: ignore, lostDatagram: ignore };
  const problems = new ProblemList(options.problem);
  const river = openRiver(options.observation, events, (problem) => problems.add(problem), options.platform);
  return {
    feed: river.feed,
    end: river.end,
    get stopped() {
      return river.stopped();
    },
    get unreadable() {
      return river.summary().format === null;
    },
  };
}

export type { Message };
