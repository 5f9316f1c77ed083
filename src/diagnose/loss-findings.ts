import type { CaptureFacts, Discard } from "../model/capture-facts.ts";
import type { CaptureSummary, Finding, FrameRef } from "../model/report.ts";
import { dropChecks, isBlocking } from "./drop-reasons.ts";

const nothing = { step: null, frames: [], filter: "", causes: [], confirm: [] } as const;

/** What the captures themselves say is missing in them, or never got through: packets lost, dropped, written over. */
export function lossFindings(captures: readonly CaptureSummary[]): Finding[] {
  const about = captures.map((capture) => capture.about ?? {});
  const kinds = new Set(captures.map(({ format }) => format));
  return [
    ...lost(about, kinds.has("etl")),
    ...backward(captures),
    ...discarded(about),
    ...ending(about, ({ unfinished }) => unfinished === true, unfinished),
    ...ending(about, ({ overwritten }) => overwritten === true, overwritten),
  ];
}

const smaller = [
  "capture less: dumpcap -f 'port 53 or port 88 or port 389 or host <server>', pktmon filter add kerberos -p 88",
  "with a larger buffer: dumpcap -B 64",
];

/** A trace counts events, of which packets are some, and whole buffers of them. */
function lost(about: readonly CaptureFacts[], isTrace: boolean): Finding[] {
  const packets = about.reduce((sum, facts) => sum + (facts.lost ?? 0), 0);
  const buffers = about.reduce((sum, facts) => sum + (facts.lostBuffers ?? 0), 0);
  if (packets + buffers === 0) return [];
  const parts = [
    ...(packets === 0 ? [] : [isTrace ? counted(packets, "event", "events") : counted(packets, "packet", "packets")]),
    ...(buffers === 0 ? [] : [counted(buffers, "buffer of events", "buffers of events")]),
  ];
  return [
    {
      ...nothing,
      rule: "cap-lost",
      severity: "warning",
      title: "The capturing system lost packets",
      detail: `By its own count ${parts.join(" and ")} never came into the file: a message that is missing here may have been sent.`,
      fix: smaller,
    },
  ];
}

/** Frames are read as they stand, so an answer may come before its question. */
function backward(captures: readonly CaptureSummary[]): Finding[] {
  const count = captures.reduce((sum, { backwardFrames = 0 }) => sum + backwardFrames, 0);
  if (count === 0) return [];
  return [
    {
      ...nothing,
      rule: "cap-time-order",
      severity: "info",
      title: "Frames are not in the order of their times",
      detail: `${counted(count, "frame is", "frames are")} more than a millisecond older than the one before. They were read as they stand: an answer may stand before its question.`,
      causes: [
        "captures that were appended to one another",
        "a clock that was set during the capture",
        "several queues of one network card",
      ],
      fix: ["reordercap FILE ordered.pcapng"],
    },
  ];
}

const REASONS_NAMED = 5;

function discarded(about: readonly CaptureFacts[]): Finding[] {
  const rows = about.flatMap(({ discarded: list = [] }, capture) =>
    list.map((discard) => ({ ...discard, frames: placed(discard, about.length > 1 ? capture : null) })),
  );
  if (rows.length === 0) return [];
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const worst = rows.filter(({ reason }) => isBlocking(reason));
  const cited = (worst.length > 0 ? worst : rows).flatMap(({ frames }) => frames).slice(0, FRAMES_CITED);
  const named = rows.slice(0, REASONS_NAMED).map((row) => `${row.reason} (${row.count})`);
  const more = rows.length - named.length;
  return [
    {
      ...nothing,
      rule: "cap-discarded",
      severity: worst.length > 0 ? "warning" : "info",
      title: "Windows dropped packets on the captured host",
      detail: `${counted(count, "packet", "packets")} went no further than the point at which ${count === 1 ? "it was" : "they were"} dropped: ${named.join(", ")}${more > 0 ? ` and ${counted(more, "more reason", "more reasons")}` : ""}.`,
      frames: cited,
      filter: cited.map((frame) => `frame.number == ${typeof frame === "number" ? frame : frame.frame}`).join(" || "),
      confirm: dropChecks(rows.map(({ reason }) => reason)),
      fix: [],
    },
  ];
}

const FRAMES_CITED = 16;
function placed({ frames }: Discard, capture: number | null): FrameRef[] {
  return frames.map((frame) => (capture === null ? frame : { capture, frame }));
}

type Words = Pick<Finding, "rule" | "severity" | "title" | "detail" | "fix">;
const unfinished: Words = {
  rule: "cap-unfinished",
  severity: "info",
  title: "A capture was not closed as it should be",
  detail: "Its last seconds may be missing.",
  fix: ["end the capture before copying its file: pktmon stop, netsh trace stop"],
};
const overwritten: Words = {
  rule: "cap-overwritten",
  severity: "warning",
  title: "A capture wrote over its beginning",
  detail: "It ran in a circle and was full: what came first is not in the file.",
  fix: [
    "give it more room: netsh trace start capture=yes maxSize=1024, pktmon start --capture --pkt-size 0 --file-size 1024",
  ],
};

function ending(about: readonly CaptureFacts[], is: (facts: CaptureFacts) => boolean, words: Words): Finding[] {
  const count = about.filter(is).length;
  return count === 0 ? [] : [{ ...nothing, ...words }];
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
