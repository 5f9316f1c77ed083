interface Ntlm {
  readonly protocol: "ntlmssp";
  /** `10.0.19041` where the message states it. */
  readonly version: string | null;
}
export interface NtlmNegotiate extends Ntlm {
  readonly kind: "NEGOTIATE";
  readonly domain: string | null;
  readonly workstation: string | null;
}
export interface NtlmChallenge extends Ntlm {
  readonly kind: "CHALLENGE";
  readonly targetName: string | null;
  readonly dnsComputer: string | null;
  readonly dnsDomain: string | null;
  /** MsvAvTimestamp as FILETIME turned to nanoseconds since 1970, as a decimal string of seconds with 7 decimals: `1795000000.1234567`. */
  readonly timestamp: string | null;
}
/** Names only: responses and hashes are never kept. */
export interface NtlmAuthenticate extends Ntlm {
  readonly kind: "AUTHENTICATE";
  readonly domain: string;
  readonly user: string;
  readonly workstation: string;
  /** MsvAvTargetName: the SPN that the client wanted. */
  readonly targetSpn: string | null;
}
export type NtlmMessage = NtlmNegotiate | NtlmChallenge | NtlmAuthenticate;
