import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { Head, Sequence, Tail } from "../../src/model/report.ts";
import { stepsOf } from "../../src/model/steps.ts";

const schema: object = JSON.parse(readFileSync(new URL("../../report.schema.json", import.meta.url), "utf8"));
const loose = { strictTuples: false, strictRequired: false, strictTypes: false } as const;
const isReport = new Ajv({ strict: true, ...loose }).compile<Head & Tail & { sequences: Sequence[] }>(schema);

/** What a report breaks of its contract; nothing in a good one. */
export function complaintsOf(document: string): string[] {
  const report: unknown = JSON.parse(document);
  if (!isReport(report)) return (isReport.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  const { sequences, verdict } = report;
  // In pcapng blocks that hold no packet have numbers, too.
  const { frames = 0, format = null } = report.captures[0] ?? {};
  const highest = format === "pcapng" ? Number.MAX_SAFE_INTEGER : frames;
  const ids = new Set(sequences.map((sequence) => sequence.id));
  return [
    ...(ids.size < sequences.length ? ["an id stands twice"] : []),
    ...(verdict === overall(sequences) ? [] : [`verdict ${verdict} of ${sequences.map((s) => s.verdict).join(" ")}`]),
    ...(isInOrder(sequences) ? [] : [`order of ids: ${[...ids].join(" ")}`]),
    ...sequences.flatMap((sequence) => sequenceComplaints(sequence, highest).map((text) => `${sequence.id}: ${text}`)),
  ];
}

function overall(sequences: readonly Sequence[]): string {
  if (sequences.length === 0) return "none";
  if (sequences.some(({ verdict }) => verdict === "diverged")) return "diverged";
  const isFine = ({ verdict, kind, outcome }: Sequence) =>
    verdict === "ok" || (kind === "ticket" && outcome === "kerberos");
  return sequences.some(({ verdict }) => verdict === "ok") && sequences.every(isFine) ? "ok" : "incomplete";
}

const firstFrame = (id: string) => Number(/^f(\d+)/.exec(id)?.[1]);

function isInOrder(sequences: readonly Sequence[]): boolean {
  const firsts = sequences.map(({ id }) => firstFrame(id));
  return firsts.every((frame, at) => at === 0 || (firsts[at - 1] ?? 0) <= frame);
}

function sequenceComplaints(sequence: Sequence, captured: number): string[] {
  const { kind, steps, findings, verdict, divergedAt } = sequence;
  const errors = findings.filter(({ severity }) => severity === "error");
  const diverged = steps.filter(({ state }) => state === "diverged");
  const asked = stepsOf[kind].map(({ step, id }) => `${step} ${id}`).join();
  const listed = [...steps, ...findings].flatMap(({ frames }) => frames);
  return [
    ...(steps.map(({ step, id }) => `${step} ${id}`).join() === asked ? [] : ["steps are not those of the kind"]),
    ...(errors.length === (verdict === "diverged" ? 1 : 0) ? [] : [`${errors.length} errors in a ${verdict} one`]),
    ...(errors.length === 0 || findings[0] === errors[0] ? [] : ["the error is not the first finding"]),
    ...errors
      .filter(({ step }) => step !== divergedAt)
      .map(({ rule, step }) => `${rule} at ${step}, not ${divergedAt}`),
    ...((divergedAt === null) === (verdict !== "diverged") ? [] : [`${verdict} at ${divergedAt}`]),
    ...(diverged.map(({ step }) => step).join() === `${divergedAt ?? ""}` ? [] : ["the diverged step is another"]),
    ...(listed.every((frame) => typeof frame === "number" && frame >= 1 && frame <= captured)
      ? []
      : [`frames beyond ${captured}`]),
    ...(listed.length === 0 ? ["no frame at all"] : []),
    ...steps
      .filter(({ frame, frames }) => frame !== undefined && !frames.includes(frame))
      .map(({ step }) => `frame of step ${step}`),
  ];
}
