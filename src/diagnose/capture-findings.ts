import type { LinkFacts } from "../model/link-facts.ts";
import type { CaptureSummary, Finding } from "../model/report.ts";
import { linkFindings } from "./link-findings.ts";

const nothing = { step: null, frames: [], filter: "", causes: [], confirm: [] } as const;

/** What is to be said of the capture as a whole. */
export function captureFindings(
  tally: { readonly unpromoted: number },
  captures: readonly CaptureSummary[],
  links: LinkFacts,
): Finding[] {
  const findings: Finding[] = [];
  const cut = sumOf(captures, ({ cutFrames }) => cutFrames);
  const all = sumOf(captures, ({ frames }) => frames);
  if (cut > 0) {
    findings.push({
      ...nothing,
      rule: "cap-truncated",
      severity: "warning",
      title: "Frames are cut by a snap length",
      detail: `${cut} of ${all} frames hold less than was on the wire: messages in them may be unreadable.`,
      fix: ["capture whole packets: dumpcap -s 0, pktmon start --capture --pkt-size 0"],
    });
  }
  findings.push(...linkFindings(links, all));
  if (tally.unpromoted > 0) {
    findings.push({
      ...nothing,
      rule: "weak-candidates",
      severity: "info",
      title: "Failed look-ups and connections, and requests without authentication",
      detail: `${tally.unpromoted} of them ${tally.unpromoted === 1 ? "is" : "are"} not told one by one: no sign of authentication.`,
      fix: ["kflow --host <name> …    (shows those of one host)"],
    });
  }
  return findings;
}

function sumOf(captures: readonly CaptureSummary[], count: (capture: CaptureSummary) => number): number {
  return captures.reduce((sum, capture) => sum + count(capture), 0);
}
