/** What a time server or its client says of the time (RFC 5905 section 7.3); authenticators behind it are not kept. */
export interface NtpMessage {
  readonly protocol: "ntp";
  /** By the mode: client and symmetric active ask; server, symmetric passive and broadcast tell. */
  readonly kind: "request" | "response";
  readonly version: number;
  readonly mode: number;
  /** 1: at a reference clock, 2 to 15: that many steps from one, 0 and 16: not synchronised. */
  readonly stratum: number;
  /** 3: the clock is not synchronised. */
  readonly leap: number;
  /** When it was sent, by the sender's clock: ISO 8601 in UTC with microseconds; null where it is not stated. */
  readonly transmitted: string | null;
}
