export interface NegTokenInit {
  readonly protocol: "spnego";
  readonly kind: "NegTokenInit";
  /** `KRB5`, `MS-KRB5`, `NTLMSSP`, `NEGOEX`, `KRB5-U2U`, `IAKERB`, or the OID in dots. */
  readonly mechTypes: readonly string[];
  readonly hasToken: boolean;
  readonly hasMic: boolean;
  /** NegTokenInit2 of MS-SPNG: the server speaks first. */
  readonly hasHints: boolean;
}

export type NegState = "accept-completed" | "accept-incomplete" | "reject" | "request-mic";

export interface NegTokenResp {
  readonly protocol: "spnego";
  readonly kind: "NegTokenResp";
  readonly negState: NegState | null;
  readonly supportedMech: string | null;
  readonly hasToken: boolean;
  readonly hasMic: boolean;
}

export type SpnegoMessage = NegTokenInit | NegTokenResp;
