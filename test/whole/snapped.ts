import type { Sequence } from "../../src/model/report.ts";
import { concat } from "../capture/build.ts";
import { partsOf } from "./records.ts";
import type { Told } from "./told.ts";

/** The same capture (pcap, little-endian) as a snap length of so many bytes a frame would have left it. */
export function snapped(capture: Uint8Array, length: number): Uint8Array {
  const [header, ...records] = partsOf(capture);
  return header === undefined ? capture : concat([header, ...records.map((record) => shortened(record, length))]);
}

function shortened(record: Uint8Array, length: number): Uint8Array {
  const short = record.slice(0, 16 + length);
  new DataView(short.buffer).setUint32(8, short.length - 16, true);
  return short;
}

/**
 * What a report on frames that were cut says and must not, beside the report on the whole ones.
 *
 * Who sees less may say less: that something cannot be told, or a cause less precisely. Everything else that is said
 * must be said of the whole capture, too.
 */
export function misleading(cut: Told, whole: Told): string[] {
  return [
    ...cut.sequences.flatMap((sequence) => misleadingIn(sequence, whole).map((what) => `${spell(sequence)}: ${what}`)),
    ...cut.findings
      .filter((rule) => !whole.findings.includes(rule) && !OF_LESS.has(rule))
      .map((rule) => `says ${rule}`),
  ];
}

/** What is said of captures that show less. */
const OF_LESS: ReadonlySet<string> = new Set(["cap-truncated", "weak-candidates"]);

function misleadingIn(sequence: Sequence, whole: Told): string[] {
  const kin = whole.sequences.filter((other) => isSame(sequence, other));
  const { verdict, steps, findings } = sequence;
  return [
    ...(verdict === "ok" && !kin.some((other) => other.verdict === "ok") ? ["works"] : []),
    ...(verdict === "diverged" && !kin.some((other) => failsAlike(sequence, other)) ? ["fails"] : []),
    ...steps
      .filter(({ state, step }) => state === "cached" && !kin.some((other) => stateOf(other, step) === "cached"))
      .map(({ step }) => `step ${step} is cached`),
    ...findings
      .filter(({ severity, rule }) => severity === "warning" && !OF_LESS.has(rule) && !kin.some(says(rule)))
      .map(({ rule }) => `warns of ${rule}`),
  ];
}

/** Of the same client, and of frames in common. */
function isSame(one: Sequence, other: Sequence): boolean {
  if (one.client.address !== other.client.address) return false;
  const frames = new Set(one.steps.flatMap((step) => step.frames));
  return other.steps.some((step) => step.frames.some((frame) => frames.has(frame)));
}

function stateOf({ steps }: Sequence, asked: number): string | undefined {
  return steps.find(({ step }) => step === asked)?.state;
}

const says = (asked: string) => (sequence: Sequence) => sequence.findings.some(({ rule }) => rule === asked);

function failsAlike(cut: Sequence, whole: Sequence): boolean {
  const [one, other] = [cut.findings[0], whole.findings[0]];
  if (whole.verdict !== "diverged" || cut.divergedAt !== whole.divergedAt || !one || !other) return false;
  if (one.rule === other.rule || GENERAL.has(one.rule)) return true;
  return one.code !== undefined && one.code.protocol === other.code?.protocol && one.code.number === other.code.number;
}

/** Rules that say what was seen at their step, where others know why. */
const GENERAL: ReadonlySet<string> = new Set(["tgs-no-request", "tgs-no-reply", "neg-ntlm-no-tgs", "ap-401-bare"]);

function spell({ id, kind, service, verdict, divergedAt, findings }: Sequence): string {
  const of = service.host ?? service.address ?? "?";
  return `${id} ${kind} ${of} ${verdict} ${divergedAt ?? "-"} ${findings.map(({ rule }) => rule).join(",")}`;
}
