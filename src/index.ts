export { describe, type Message } from "../dissectors/registry.ts";
export { type Analysis, type AnalyzeOptions, analyze, type ListOptions, listMessages } from "./analyze.ts";
export type { Observation } from "./model/observation.ts";
export type { Problem } from "./model/problem.ts";
export type * from "./model/report.ts";
export type { Platform } from "./platform.ts";
export { version } from "./version.ts";
