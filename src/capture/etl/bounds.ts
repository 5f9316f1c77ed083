import type { limits } from "../../bytes/limits.ts";

/** The rows of `limits` as plain numbers, so that a test can reach them without a million buffers. */
export type Bounds = { readonly [name in keyof typeof limits]: number };
