import type { FrameRef, Step } from "../model/report.ts";
import { stepsOf } from "../model/steps.ts";
import { close, first, list, member, next, text, writeValue } from "./json-values.ts";
import { Page, type Ready, readyBytes } from "./page.ts";

/** The depth at which the steps of a sequence stand. */
const STEP = 4;
const ofStep = {
  step: first(STEP, "step"),
  id: next(STEP, "id"),
  title: next(STEP, "title"),
  state: next(STEP, "state"),
  frames: next(STEP, "frames"),
  framesOmitted: next(STEP, "framesOmitted"),
  frame: next(STEP, "frame"),
  time: next(STEP, "time"),
  from: next(STEP, "from"),
  to: next(STEP, "to"),
  process: next(STEP, "process"),
  summary: next(STEP, "summary"),
  facts: next(STEP, "facts"),
} as const satisfies Record<keyof Step, Ready>;

export function writeStep(page: Page, step: Step, depth: number): void {
  const head = headOf(step);
  if (head === null) writeHead(page, step);
  else page.put(head);
  if (isBlank(step)) page.put(BLANK);
  else writeRest(page, step, depth);
}

function writeRest(page: Page, step: Step, depth: number): void {
  list(page, ofStep.frames, step.frames, depth, writeFrame);
  if (step.framesOmitted !== undefined) member(page, ofStep.framesOmitted, step.framesOmitted, depth);
  if (step.frame !== undefined) member(page, ofStep.frame, step.frame, depth);
  if (step.time !== undefined) text(page, ofStep.time, step.time);
  if (step.from !== undefined) text(page, ofStep.from, step.from);
  if (step.to !== undefined) text(page, ofStep.to, step.to);
  if (step.process !== undefined) text(page, ofStep.process, step.process);
  text(page, ofStep.summary, step.summary);
  member(page, ofStep.facts, step.facts, depth);
  close(page, depth);
}

/** Nothing was seen of it: a third of all steps, and most of a login that ended early. */
function isBlank({ frames, frame, process, summary, facts }: Step): boolean {
  if (frames.length > 0 || frame !== undefined || process !== undefined || summary !== "") return false;
  for (const _ in facts) return false;
  return true;
}

/** Where words are written that are kept ready. */
const draft = new Page();
const BLANK = readyOf((page) => {
  writeRest(page, { step: 1, id: "request", title: "", state: "cached", frames: [], summary: "", facts: {} }, STEP);
});

function readyOf(write: (page: Page) => void): Ready {
  write(draft);
  return readyBytes(draft.take());
}

function writeFrame(page: Page, frame: FrameRef, depth: number): void {
  if (typeof frame === "number") page.number(frame);
  else writeValue(page, frame, depth);
}

/** What a step begins with. */
type Head = Pick<Step, "step" | "id" | "title" | "state">;

function writeHead(page: Page, { step, id, title, state }: Head): void {
  member(page, ofStep.step, step, STEP);
  text(page, ofStep.id, id);
  text(page, ofStep.title, title);
  text(page, ofStep.state, state);
}

/** A documented step, and the heads that were written of it: one for each state in which it was found. */
interface Row {
  readonly id: Head["id"];
  readonly title: string;
  readonly heads: { readonly state: Head["state"]; readonly words: Ready }[];
}

/** By number: half a dozen each, and soon gone through. */
const rows: Row[][] = [];
for (const { step, id, title } of new Set(Object.values(stepsOf).flat())) {
  const alike = rows[step];
  const row = { id, title, heads: [] };
  if (alike === undefined) rows[step] = [row];
  else alike.push(row);
}

/** A fifth of what JSON there is, put at once; null for a step that is not among the documented ones. */
function headOf(head: Head): Ready | null {
  for (const row of rows[head.step] ?? []) {
    if (row.title === head.title && row.id === head.id) return headIn(row, head);
  }
  return null;
}

function headIn({ heads }: Row, head: Head): Ready {
  for (const { state, words } of heads) if (state === head.state) return words;
  const words = readyOf((page) => writeHead(page, head));
  heads.push({ state: head.state, words });
  return words;
}
