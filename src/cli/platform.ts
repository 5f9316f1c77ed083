import { createHash, randomInt } from "node:crypto";
import type { Platform } from "../platform.ts";

const SEEDS = 2 ** 32;

export const nodePlatform: Platform = {
  fingerprint: (cipher) => createHash("sha256").update(cipher).digest("hex").slice(0, 16),
  seed: () => randomInt(SEEDS),
};
