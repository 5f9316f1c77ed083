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
  const facts = placedFacts(step.facts, placeOf);
  if (step.frames.length === 0 && step.frame === undefined && facts === step.facts) return step;
  const frames = step.frames.map((frame) => placed(frame, placeOf));
  return step.frame === undefined
    ? { ...step, frames, facts }
    : { ...step, frames, facts, frame: placed(step.frame, placeOf) };
}

function placed(frame: FrameRef, placeOf: PlaceOf): FramePlace {
  return typeof frame === "number" ? placeOf(frame) : frame;
}

/** The facts under which frame numbers stand. */
const FRAME_KEYS: ReadonlySet<string> = new Set(["frame", "frames", "issued", "presented"]);

/** The facts themselves where none of them names a frame, as in most. */
function placedFacts(facts: Facts, placeOf: PlaceOf): Facts {
  let changed: { [name: string]: unknown } | null = null;
  for (const [name, fact] of Object.entries(facts)) {
    const one = placedFact(fact, name, placeOf);
    if (one === fact) continue;
    changed ??= { ...facts };
    changed[name] = one;
  }
  return changed ?? facts;
}

function placedFact(fact: unknown, name: string, placeOf: PlaceOf): unknown {
  if (typeof fact === "number") return FRAME_KEYS.has(name) ? placeOf(fact) : fact;
  if (Array.isArray(fact)) return placedList(fact, name, placeOf);
  return isFacts(fact) ? placedFacts(fact, placeOf) : fact;
}

function isFacts(fact: unknown): fact is Facts {
  return typeof fact === "object" && fact !== null;
}

function placedList(list: readonly unknown[], name: string, placeOf: PlaceOf): readonly unknown[] {
  let changed: unknown[] | null = null;
  for (const [at, item] of list.entries()) {
    const one = placedFact(item, name, placeOf);
    if (one === item) continue;
    changed ??= [...list];
    changed[at] = one;
  }
  return changed ?? list;
}

/** A display filter for each capture, in the order in which they are first cited. */
function filtersOf(frames: readonly FramePlace[]): { readonly capture: number; readonly filter: string }[] {
  const captures = [...new Set(frames.map(({ capture }) => capture))];
  return captures.map((capture) => {
    const own = frames.filter((place) => place.capture === capture);
    return { capture, filter: own.map(({ frame }) => `frame.number == ${frame}`).join(" || ") };
  });
}
