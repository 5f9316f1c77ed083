import type { Tally } from "../correlate/correlator.ts";
import type { LinkFacts } from "../model/link-facts.ts";
import type { CaptureSummary, Finding } from "../model/report.ts";
import { linkFindings } from "./link-findings.ts";
import { lossFindings } from "./loss-findings.ts";

const nothing = { step: null, frames: [], filter: "", causes: [], confirm: [] } as const;

const LOGINS_CUT = " Logins may stand in the missing parts.";
const TRACES_CUT =
  " Without --pkt-size 0, pktmon keeps 128 bytes of a packet: few Kerberos or LDAP messages fit in that.";
const wholeTraces =
  "capture whole packets: pktmon start --capture --pkt-size 0, or netsh trace start capture=yes without packettruncatebytes";

/** What is to be said of the capture as a whole. */
export function captureFindings(
  tally: Pick<Tally, "unpromoted" | "hidesLogins">,
  captures: readonly CaptureSummary[],
  links: LinkFacts,
): Finding[] {
  const findings: Finding[] = [];
  const cut = sumOf(captures, ({ cutFrames }) => cutFrames);
  const all = sumOf(captures, ({ frames }) => frames);
  if (cut > 0) {
    const isTrace = captures.some(({ format, cutFrames }) => format === "etl" && cutFrames > 0);
    findings.push({
      ...nothing,
      rule: "cap-truncated",
      severity: "warning",
      title: "Frames are cut by a snap length",
      detail: `${cut} of ${all} frames hold less than was on the wire: messages in them may be unreadable.${tally.hidesLogins ? LOGINS_CUT : ""}${isTrace ? TRACES_CUT : ""}`,
      fix: [isTrace ? wholeTraces : "capture whole packets: dumpcap -s 0, pktmon start --capture --pkt-size 0"],
    });
  }
  findings.push(...lossFindings(captures));
  findings.push(...linkFindings(links, all));
  if (tally.unpromoted > 0) {
    findings.push({
      ...nothing,
      rule: "weak-candidates",
      severity: "info",
      title: "Failed look-ups and connections, and requests without authentication",
      detail: `${tally.unpromoted} of them ${tally.unpromoted === 1 ? "is" : "are"} not told one by one: no sign of authentication${tally.hidesLogins ? " in what the frames still hold" : ""}.`,
      fix: ["kflow --host <name> …    (shows those of one host)"],
    });
  }
  return findings;
}

function sumOf(captures: readonly CaptureSummary[], count: (capture: CaptureSummary) => number): number {
  return captures.reduce((sum, capture) => sum + count(capture), 0);
}
