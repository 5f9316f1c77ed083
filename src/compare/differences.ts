import type { ComparedStep, Difference, Weight } from "../model/comparison.ts";
import type { Facts, Sequence, Step } from "../model/report.ts";

/** The steps of two sequences of the same shape, with what differs in each. */
export function compareSteps(left: Sequence, right: Sequence): ComparedStep[] {
  return left.steps.flatMap((one, at) => {
    const other = right.steps[at];
    if (other === undefined || other.id !== one.id) return [];
    const differences = [...valuesThatDiffer(one, other), ...slower(left, right, at)];
    return [{ step: one.step, id: one.id, title: one.title, states: [one.state, other.state], differences }];
  });
}

function valuesThatDiffer(left: Step, right: Step): Difference[] {
  const [one, other] = [valuesOf(left), valuesOf(right)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((what) => {
    const [a, b] = [one.get(what), other.get(what)];
    // What only one of them shows is told by the states of the step.
    if (a === undefined || b === undefined || a === b) return [];
    return [{ step: left.step, what, left: a, right: b, weight: weightOf(what, a, b) }];
  });
}

/** Numbers that two logins never share. */
const USUAL = /(^|\.)(fingerprint|stime|ctime|time|target|frame|frames|issued|presented)$/;
const SIZE = /(^|\.)(length|tokenLength)$/;
/** Tickets of one account differ by a few bytes from day to day. */
const MUCH_LONGER = 1.25;

function weightOf(what: string, left: string, right: string): Weight {
  if (USUAL.test(what)) return "usual";
  if (!SIZE.test(what)) return "telling";
  const [small = 0, large = 0] = [Number(left), Number(right)].sort((a, b) => a - b);
  return large > small * MUCH_LONGER ? "size" : "usual";
}

/** What a step says, by name: who spoke to whom, and its facts. */
function valuesOf(step: Step): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  if (step.from) values.set("from", step.from);
  if (step.to) values.set("to", step.to);
  collect(step.facts, "", values);
  return values;
}

function collect(facts: Facts, prefix: string, values: Map<string, string>): void {
  for (const [name, fact] of Object.entries(facts)) {
    const path = `${prefix}${name}`;
    if (fact === null || fact === undefined) continue;
    if (Array.isArray(fact)) values.set(path, fact.map(asText).join(", "));
    else if (typeof fact === "object") collect({ ...fact }, `${path}.`, values);
    else values.set(path, String(fact));
  }
}

/** An answer of DNS by its data alone, anything else as it stands. */
function asText(item: unknown): string {
  if (typeof item !== "object" || item === null) return String(item);
  const data: unknown = Object.entries(item).find(([name]) => name === "data")?.[1];
  return data === undefined ? JSON.stringify(item) : String(data);
}

/** A step that came noticeably later after the one before it. */
const SLOW_SECONDS = 0.5;
const SLOW_RATIO = 5;

function slower(left: Sequence, right: Sequence, at: number): Difference[] {
  const [one, other] = [waitBefore(left, at), waitBefore(right, at)];
  if (one === null || other === null) return [];
  const [short = 0, long = 0] = [one, other].sort((a, b) => a - b);
  if (long < SLOW_SECONDS || long < short * SLOW_RATIO) return [];
  const step = left.steps[at]?.step ?? 0;
  return [
    { step, what: "seconds since the step before", left: one.toFixed(3), right: other.toFixed(3), weight: "size" },
  ];
}

/** Seconds from the nearest earlier step with a time; null where there is none, or it came later. */
function waitBefore({ steps }: Sequence, at: number): number | null {
  const time = steps[at]?.time;
  const before = steps.slice(0, at).findLast((step) => step.time !== undefined)?.time;
  if (time === undefined || before === undefined) return null;
  const seconds = (Date.parse(time) - Date.parse(before)) / 1000;
  return seconds >= 0 ? seconds : null;
}
