import { type CaptureSummary, REPORT_SCHEMA, type Reporter, type Text } from "../model/report.ts";
import { stringOf } from "./page.ts";

/** A whole report that says nothing but why there is none: wrong usage, a file that cannot be opened. */
export function unreadReport(reporter: Reporter<Text>, version: string, files: readonly string[], why: string): string {
  const captures = files.map(unreadCapture);
  return [
    stringOf(reporter.begin({ schema: REPORT_SCHEMA, tool: { name: "kflow", version } })),
    stringOf(
      reporter.end({ findings: [], problems: [{ text: why, capture: 0 }], captures, clocks: [], verdict: "none" }),
    ),
  ].join("");
}

function unreadCapture(name: string): CaptureSummary {
  return {
    name,
    format: null,
    compression: null,
    linkTypes: [],
    frames: 0,
    bytes: 0,
    firstTime: null,
    lastTime: null,
    cutFrames: 0,
  };
}
