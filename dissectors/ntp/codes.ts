/** Association modes (RFC 5905 section 7.3, figure 10). */
export const modeNames: readonly string[] = [
  "reserved",
  "symmetric active",
  "symmetric passive",
  "client",
  "server",
  "broadcast",
  "control",
  "private",
];
