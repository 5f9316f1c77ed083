import { limits } from "./bytes/limits.ts";
import { CaptureSet, type CaptureSource, type Need } from "./capture/capture-set.ts";
import type { TimeWindow } from "./capture/time-window.ts";
import { openDispatch } from "./dispatch/dispatch.ts";
import { Drops } from "./drops.ts";
import type { FrameView } from "./model/frame.ts";
import type { Observation } from "./model/observation.ts";
import type { Problem } from "./model/problem.ts";
import type { CaptureSummary, FramePlace, ReportProblem } from "./model/report.ts";
import type { Instant } from "./model/time.ts";
import { type Net, openNet } from "./net/net.ts";
import type { PacketFilter } from "./net/packet-filter.ts";
import type { NetSink } from "./net/sink.ts";
import type { Platform } from "./platform.ts";
import { ProblemList } from "./problems.ts";
import { type Sightings, watchUnread } from "./unread-watch.ts";

/** One of the captures that are read together as one. */
export interface NamedCapture extends CaptureSource {
  readonly name: string;
  readonly compression: string | null;
}

/** What is read, and how. */
export interface Reading {
  /** In the order in which the report numbers them; absent: one, fed from front to back. */
  readonly captures?: readonly NamedCapture[];
  readonly platform: Platform;
  /** `--since` and `--until`; absent: all. */
  readonly window?: TimeWindow | null;
  /** `--filter`; absent: all. */
  readonly filter?: PacketFilter | null;
}

/** Captures being read: fed with pieces of any size, until `wants` says that nothing more is needed. */
export interface Feeding {
  /** What to feed next; null: the captures are over, or cannot be read on. */
  wants(): Need | null;
  /** The next bytes of a capture; of one that is read by ranges, those that it wants. */
  feed(chunk: Uint8Array, capture?: number): void;
  /** No more bytes of this capture will come. */
  finish(capture: number): void;
  /** Something the front end met: a cut archive, a time-out. */
  problem(problem: Problem, capture?: number): void;
  /** `early`: the front end stopped before the inputs ended, so a waiting tail is no fault of the captures. */
  end(early?: boolean): void;
  /** No more frames will come, whatever is fed. */
  readonly stopped: boolean;
  /** Nothing could be read at all. */
  readonly unreadable: boolean;
}

/** What `net` tells beside the bytes of protocols. */
export type Events = Pick<NetSink, "failed" | "failedOfStranger" | "unreachable" | "silentNeighbour" | "lostDatagram"> &
  Sightings;

const ignore = () => {};
/** For those who want the messages alone. */
export const noEvents: Events = {
  failed: ignore,
  failedOfStranger: () => true,
  unreachable: ignore,
  silentNeighbour: ignore,
  lostDatagram: ignore,
  kdcTalk: ignore,
  cutTalk: ignore,
  unreadLogin: ignore,
  unreadNames: ignore,
};

const anyCapture: readonly NamedCapture[] = [{ name: "capture", compression: null, size: null }];

/** Capture, net and dispatch joined: bytes in, observations and events out. */
export class River implements Feeding {
  readonly net: Net;
  readonly problems: ProblemList;
  readonly drops = new Drops();
  /** Where a frame is found by the number it has here; null with one capture, whose numbers are its own. */
  readonly placeOf: ((number: number) => FramePlace) | null;
  private readonly captures: readonly NamedCapture[];
  private readonly set: CaptureSet;
  private readonly window: TimeWindow | null;
  private readonly repeated: Uint32Array;
  private view: FrameView | null = null;
  private latest: Instant = { seconds: 0, nanos: 0 };
  private isEarly = false;

  constructor(
    reading: Reading,
    emit: (o: Observation) => void,
    events: Events,
    told?: (problem: ReportProblem) => void,
  ) {
    const { captures = anyCapture, platform, window = null, filter = null } = reading;
    this.captures = captures;
    this.window = window;
    this.repeated = new Uint32Array(captures.length);
    this.problems = new ProblemList(told);
    this.set = new CaptureSet(captures, (problem, capture) => {
      if (!this.isEarly) this.problem(problem, capture);
    });
    this.placeOf = captures.length > 1 ? (number) => this.set.placeOf(number) : null;
    const report = (problem: Problem) => this.report(problem);
    const sink = {
      ...watchUnread(openDispatch(emit, report, platform), events),
      failed: events.failed.bind(events),
      failedOfStranger: events.failedOfStranger.bind(events),
      unreachable: events.unreachable.bind(events),
      silentNeighbour: events.silentNeighbour.bind(events),
      lostDatagram: events.lostDatagram.bind(events),
    };
    this.net = openNet(sink, platform.seed(), report, limits, filter);
  }

  wants(): Need | null {
    return this.set.wants();
  }

  feed(chunk: Uint8Array, capture = 0): void {
    this.set.feed(chunk, capture);
    this.drain();
  }

  finish(capture: number): void {
    this.set.finish(capture);
    this.drain();
  }

  end(early = false): void {
    this.isEarly = early;
    this.set.finishAll();
    this.drain();
    this.net.end();
    if (this.set.isFull) this.problems.add({ text: TOO_MANY_CHANGES });
  }

  /** Its frame is the number in that capture. */
  problem(problem: Problem, capture = 0): void {
    this.problems.add(problem, capture);
  }

  /** Its frame is the number used here. */
  report(problem: Problem): void {
    const place = problem.frame === undefined ? undefined : this.placeOf?.(problem.frame);
    if (place === undefined) this.problems.add(problem);
    else this.problems.add({ ...problem, frame: place.frame }, place.capture);
  }

  get stopped(): boolean {
    return this.set.isOver;
  }

  get unreadable(): boolean {
    return this.set.readers.every(({ format }) => format === null);
  }

  /** The program that sent or received the frame being read. */
  get process(): string | null {
    return this.view?.process ?? null;
  }

  /** The latest moment of which the captures tell. */
  get now(): Instant {
    return this.latest;
  }

  summaries(): CaptureSummary[] {
    return this.set.readers.map((reader, index) => {
      const { name = "", compression = null, clock } = this.captures[index] ?? {};
      const about = reader.facts();
      const repeated = this.repeated[index] ?? 0;
      return {
        name,
        compression,
        ...reader.summary(),
        ...(repeated > 0 ? { repeatedFrames: repeated } : {}),
        ...(clock && clock.ahead !== 0 ? { clockAhead: clock.ahead } : {}),
        ...(Object.keys(about).length > 0 ? { about } : {}),
      };
    });
  }

  private drain(): void {
    const { set, net } = this;
    const window = this.window;
    let { seconds, nanos } = this.latest;
    for (let view = set.next(); view !== null; view = set.next()) {
      if (window !== null && !window.admits(view)) continue;
      this.view = view;
      net.frame(view);
      view.process = null;
      if (net.wasRepeat) this.repeated[set.current] = (this.repeated[set.current] ?? 0) + 1;
      if (view.dropped !== null) this.drops.note(net.wasRepeat ? net.repeated : view.number, view.dropped);
      else if (net.wasRepeat) this.drops.wentOn(net.repeated);
      if (view.seconds >= seconds) {
        seconds = view.seconds;
        nanos = view.nanos;
      }
    }
    this.view = null;
    this.latest = { seconds, nanos };
  }
}

const TOO_MANY_CHANGES = `the captures alternate more than ${limits.captureChanges} times; the rest was not read`;
