/** What the core may not import for itself and a front end hands in. */
export interface Platform {
  /** First 16 hex digits of the SHA-256 of `cipher`. */
  fingerprint(cipher: Uint8Array): string;
  /** A random 32-bit seed for hash tables, so that a forged capture cannot aim at their collisions. */
  seed(): number;
}
