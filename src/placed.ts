import type { Facts, Finding, FramePlace, FrameRef, HostClock, Sequence, Step } from "./model/report.ts";

/** Where a frame of the numbers used while reading is found. */
export type PlaceOf = (number: number) => FramePlace;

/** The same sequence with the frames of several captures named by capture. */
export function placedSequence(sequence: Sequence, placeOf: PlaceOf): Sequence {
  return {
    ...sequence,
    facts: placedFacts(sequence.facts, placeOf),
    steps: sequence.steps.map((step) => placedStep(step, placeOf)),
    findings: sequence.findings.map((finding) => placedFinding(finding, placeOf)),
  };
}

export function placedFinding(finding: Finding, placeOf: PlaceOf): Finding {
  if (finding.frames.length === 0) return finding;
  const frames = finding.frames.map((frame) => placed(frame, placeOf));
  const filters = filtersOf(frames);
  const [first] = filters;
  return { ...finding, frames, filter: first?.filter ?? "", ...(filters.length > 1 ? { filters } : {}) };
}

export function placedClock(clock: HostClock, placeOf: PlaceOf): HostClock {
  return { ...clock, frames: clock.frames.map((frame) => placed(frame, placeOf)) };
}

function placedStep(step: Step, placeOf: PlaceOf): Step {
  const frames = step.frames.map((frame) => placed(frame, placeOf));
  const facts = placedFacts(step.facts, placeOf);
  return { ...step, frames, facts, ...(step.frame === undefined ? {} : { frame: placed(step.frame, placeOf) }) };
}

function placed(frame: FrameRef, placeOf: PlaceOf): FramePlace {
  return typeof frame === "number" ? placeOf(frame) : frame;
}

/** The facts under which frame numbers stand. */
const FRAME_KEYS: ReadonlySet<string> = new Set(["frame", "frames", "issued", "presented"]);

function placedFacts(facts: Facts, placeOf: PlaceOf): Facts {
  const entries = Object.entries(facts);
  return Object.fromEntries(entries.map(([key, fact]) => [key, placedFact(fact, FRAME_KEYS.has(key), placeOf)]));
}

function placedFact(fact: unknown, isFrame: boolean, placeOf: PlaceOf): unknown {
  if (isFrame && typeof fact === "number") return placeOf(fact);
  if (Array.isArray(fact)) return fact.map((item: unknown) => placedFact(item, isFrame, placeOf));
  if (typeof fact !== "object" || fact === null) return fact;
  return placedFacts({ ...fact }, placeOf);
}

/** A display filter for each capture, in the order in which they are first cited. */
function filtersOf(frames: readonly FramePlace[]): { readonly capture: number; readonly filter: string }[] {
  const captures = [...new Set(frames.map(({ capture }) => capture))];
  return captures.map((capture) => {
    const own = frames.filter((place) => place.capture === capture);
    return { capture, filter: own.map(({ frame }) => `frame.number == ${frame}`).join(" || ") };
  });
}
