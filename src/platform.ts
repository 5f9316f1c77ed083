/** What the core may not import for itself and a front end hands in. */
export interface Platform {
  /**
   * First 16 hex digits of the SHA-256 of `cipher`, by themselves in memory. The report shows them, so that a ticket is
   * known again in another capture: a hash with a key of the run would not do. Nor would a part of the cipher, as who
   * damages a ticket leaves the rest as it was.
   */
  fingerprint(cipher: Uint8Array): string;
  /** A random 32-bit seed for hash tables, so that a forged capture cannot aim at their collisions. */
  seed(): number;
}
