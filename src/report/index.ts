/** The formats of a report. Each is loaded when it is asked for: a JSON report does not wait for the table library. */
export const reporters = {
  text: () => import("./text.ts"),
  json: () => import("./json.ts"),
} as const;

export type Format = keyof typeof reporters;

/** The formats of `kflow messages`. */
export const listers = {
  text: () => import("./messages-text.ts"),
  ndjson: () => import("./messages-ndjson.ts"),
} as const;

/** The formats of `kflow info`. */
export const informers = {
  text: () => import("./info-text.ts"),
  json: () => import("./info-json.ts"),
} as const;

export type InfoFormat = keyof typeof informers;

/** The formats of `kflow compare`. */
export const comparers = {
  text: () => import("./compare-text.ts"),
  json: () => import("./compare-json.ts"),
} as const;

export type CompareFormat = keyof typeof comparers;

export type ListFormat = keyof typeof listers;
