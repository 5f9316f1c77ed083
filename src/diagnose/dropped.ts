import type { Finding, Sequence } from "../model/report.ts";
import { dropChecks, isBlocking } from "./drop-reasons.ts";

/** What is to be said of packets of a sequence that the captured host threw away; null where there are none. */
export function droppedOf(sequence: Sequence, reasonOf: (frame: number) => string | undefined): Finding | null {
  const reasons = new Map<number, string>();
  const steps = sequence.steps.flatMap(({ step, frames }) => {
    const before = reasons.size;
    for (const frame of frames) {
      const reason = typeof frame === "number" ? reasonOf(frame) : undefined;
      if (typeof frame === "number" && reason !== undefined) reasons.set(frame, reason);
    }
    return reasons.size > before ? [step] : [];
  });
  const [first] = steps;
  if (first === undefined) return null;
  const told = [...new Set(reasons.values())];
  const frames = [...reasons.keys()].sort((a, b) => a - b);
  return {
    rule: "cap-discarded",
    severity: told.some(isBlocking) ? "warning" : "info",
    step: first,
    title: "Windows dropped packets of this exchange on the captured host",
    detail: `Of ${steps.length === 1 ? "step" : "steps"} ${listed(steps)} the capture shows packets that went no further than the point at which they were dropped (${told.join(", ")}): unless they were sent again, they did not arrive.`,
    frames,
    filter: frames.map((frame) => `frame.number == ${frame}`).join(" || "),
    causes: [],
    confirm: dropChecks(told),
    fix: [],
  };
}

function listed(steps: readonly number[]): string {
  return steps.length === 1 ? `${steps[0]}` : `${steps.slice(0, -1).join(", ")} and ${steps.at(-1)}`;
}
