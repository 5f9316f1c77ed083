import type { CaptureSummary, Finding } from "../model/report.ts";

const nothing = { step: null, frames: [], filter: "", causes: [], confirm: [] } as const;

/** What is to be said of the capture as a whole. */
export function captureFindings(
  tally: { readonly unpromoted: number },
  captures: readonly CaptureSummary[],
  undecoded: ReadonlyMap<number, number>,
): Finding[] {
  const findings: Finding[] = [];
  const cut = sumOf(captures, ({ cutFrames }) => cutFrames);
  if (cut > 0) {
    findings.push({
      ...nothing,
      rule: "cap-truncated",
      severity: "warning",
      title: "Frames are cut by a snap length",
      detail: `${cut} of ${sumOf(captures, ({ frames }) => frames)} frames hold less than was on the wire: messages in them may be unreadable.`,
      fix: ["capture whole packets: dumpcap -s 0, pktmon start --capture --pkt-size 0"],
    });
  }
  for (const [linkType, frames] of undecoded) {
    findings.push({
      ...nothing,
      rule: "cap-link-type",
      severity: "warning",
      title: "A link type that kflow does not read",
      detail: `${frames} frames have link type ${linkType} and were not looked into.`,
      fix: ["capture on an Ethernet or IP interface"],
    });
  }
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
