interface Smb {
  readonly protocol: "smb";
  /** Pairs a response with its request on one connection. */
  readonly messageId: number;
  /** UID, four hexadecimal digits; 0 where the session has no number yet. */
  readonly sessionId: string;
}

export interface SmbNegotiateRequest extends Smb {
  readonly kind: "NEGOTIATE request";
  /** `NT LM 0.12`, `SMB 2.???`, … */
  readonly dialects: readonly string[];
}

export interface SmbNegotiateResponse extends Smb {
  readonly kind: "NEGOTIATE response";
  readonly ntStatus: number;
  /** Which of the dialects offered, counted from 0; null: none. */
  readonly dialectIndex: number | null;
  /** GSS-API tokens follow; without it the server knows LM and NTLM alone. */
  readonly hasExtendedSecurity: boolean;
  /** The server's clock, seconds since 1970 with seven decimals. */
  readonly systemTime: string | null;
}

/** Names only: responses and passwords are never kept. */
export interface SmbSessionSetupRequest extends Smb {
  readonly kind: "SESSION_SETUP request";
  /** Bytes of the GSS-API token; null: credentials of LM or NTLM without one. */
  readonly tokenLength: number | null;
  /** Without a token the request names the user itself; empty: nobody. */
  readonly user: string | null;
  readonly domain: string | null;
}

export interface SmbSessionSetupResponse extends Smb {
  readonly kind: "SESSION_SETUP response";
  readonly ntStatus: number;
  readonly isGuest: boolean;
  readonly tokenLength: number;
}

export interface SmbTreeConnectRequest extends Smb {
  readonly kind: "TREE_CONNECT request";
  readonly path: string;
}

export interface SmbTreeConnectResponse extends Smb {
  readonly kind: "TREE_CONNECT response";
  readonly ntStatus: number;
}

/** Any other command that the server refused because of the session. */
export interface SmbErrorResponse extends Smb {
  readonly kind: "ERROR response";
  readonly command: string;
  readonly ntStatus: number;
}

export type SmbMessage =
  | SmbNegotiateRequest
  | SmbNegotiateResponse
  | SmbSessionSetupRequest
  | SmbSessionSetupResponse
  | SmbTreeConnectRequest
  | SmbTreeConnectResponse
  | SmbErrorResponse;
