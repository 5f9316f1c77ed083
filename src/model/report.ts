import type { CaptureFacts } from "./capture-facts.ts";
import type { Kind, StepId } from "./steps.ts";

/** The values of the report contract `kflow/report/1`: what reporters print, and nothing else. */
export const REPORT_SCHEMA = "kflow/report/1";

export type Verdict = "ok" | "diverged" | "incomplete";
export type OverallVerdict = Verdict | "none";
export type StepState =
  | "observed"
  | "cached"
  | "not-captured"
  | "not-needed"
  | "encrypted"
  | "diverged"
  | "not-reached";
export type Outcome = "kerberos" | "ntlm" | "basic" | "anonymous" | "refused" | "none" | "unknown";
export type Severity = "error" | "warning" | "info";

export interface Client {
  readonly address: string;
  readonly name?: string;
  readonly user?: string;
  readonly realm?: string;
  /** The program on the client that sent its requests, where the capture knows. */
  readonly process?: string;
}
export interface Service {
  readonly host?: string;
  readonly address?: string;
  readonly port?: number;
  readonly spn?: string;
  readonly realm?: string;
}
export interface Code {
  readonly protocol: string;
  readonly number: number;
  readonly name: string;
}
/** A frame among several captures. */
export interface FramePlace {
  /** Index in `captures`. */
  readonly capture: number;
  /** 1-based, as Wireshark numbers the frames of that capture. */
  readonly frame: number;
}
/** The number of a frame in the only capture, or its place among several. */
export type FrameRef = number | FramePlace;
export interface Finding {
  /** Id of the rule, lower case: `tgs-s-unknown`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly step: number | null;
  readonly title: string;
  readonly detail: string;
  readonly code?: Code;
  readonly frames: readonly FrameRef[];
  /** A Wireshark display filter that shows the evidence; with several captures, that of the first one cited. */
  readonly filter: string;
  /** Where the evidence lies in several captures: a filter for each. */
  readonly filters?: readonly { readonly capture: number; readonly filter: string }[];
  readonly causes: readonly string[];
  readonly confirm: readonly string[];
  readonly fix: readonly string[];
}
export type Facts = { readonly [name: string]: unknown };
export interface Step {
  readonly step: number;
  readonly id: StepId;
  readonly title: string;
  readonly state: StepState;
  readonly frames: readonly FrameRef[];
  readonly framesOmitted?: number;
  /** Of `frames`, the one that `time`, `from` and `to` belong to; where absent, the last. */
  readonly frame?: FrameRef;
  /** The program on the capturing host that sent or received it, where the capture knows. */
  readonly process?: string;
  /** ISO 8601 of the frame that completes the step. */
  readonly time?: string;
  readonly from?: string;
  readonly to?: string;
  /** One line in the spirit of Network Monitor's description column; empty where nothing was seen. */
  readonly summary: string;
  readonly facts: Facts;
}
export interface Sequence {
  readonly id: string;
  readonly kind: Kind;
  readonly client: Client;
  readonly service: Service;
  readonly verdict: Verdict;
  readonly divergedAt: number | null;
  readonly outcome: Outcome;
  readonly facts: Facts;
  readonly steps: readonly Step[];
  /** The root cause first; exactly one `error` in a diverged sequence, none in any other. */
  readonly findings: readonly Finding[];
}
export interface ReportProblem {
  readonly text: string;
  /** Index in `captures`. */
  readonly capture: number;
  readonly frame?: number;
  readonly offset?: number;
}
export type CaptureFormat = "pcap" | "pcapng" | "netmon" | "etl" | "snoop";
export interface CaptureSummary {
  readonly name: string;
  /** null where the input could not be recognised. */
  readonly format: CaptureFormat | null;
  readonly compression: string | null;
  readonly linkTypes: readonly number[];
  readonly frames: number;
  /** Bytes of the (decompressed) capture that were read. */
  readonly bytes: number;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly cutFrames: number;
  /** Frames that are more than a millisecond older than the one before them. */
  readonly backwardFrames?: number;
  /** Frames left out because another shows the packet: in another capture, or in one that tells several points apart. */
  readonly repeatedFrames?: number;
  /** Seconds that the clock of this capture's host is ahead of the first one's, where its frames show it; taken off. */
  readonly clockAhead?: number;
  /** What the file says about itself. */
  readonly about?: CaptureFacts;
}
/** Where a host stated its time. */
export type ClockSource =
  | "kerberos stime"
  | "kerberos ctime"
  | "http Date"
  | "ntlm challenge"
  | "smb negotiate"
  | "ldap currentTime"
  | "ntp";

/** A host's clock against that of the computer that captured. */
export interface HostClock {
  readonly address: string;
  /** Seconds that it is ahead, and how far that may be off. */
  readonly offset: number;
  readonly uncertainty: number;
  readonly samples: number;
  readonly sources: readonly ClockSource[];
  /** The first of the frames that state its time. */
  readonly frames: readonly FrameRef[];
}
export interface Head {
  readonly schema: typeof REPORT_SCHEMA;
  readonly tool: { readonly name: "kflow"; readonly version: string };
}
export interface Tail {
  readonly findings: readonly Finding[];
  readonly problems: readonly ReportProblem[];
  readonly captures: readonly CaptureSummary[];
  readonly clocks: readonly HostClock[];
  readonly verdict: OverallVerdict;
}

/** Text, or its UTF-8 bytes: these are good until the reporter is asked again. */
export type Text = string | Uint8Array;

/** Turns reported values into text, piece by piece while the capture is still being read. */
export interface Reporter<T extends Text = string> {
  begin(head: Head): T;
  sequence(sequence: Sequence): T;
  end(tail: Tail): T;
}
