interface Smb2 {
  readonly protocol: "smb2";
  /** Pairs a response with its request on one connection. */
  readonly messageId: number;
  /** 16 hexadecimal digits; all 0 where the session has no number yet. */
  readonly sessionId: string;
}

export interface Smb2NegotiateRequest extends Smb2 {
  readonly kind: "NEGOTIATE request";
  /** `2.0.2`, `3.1.1`, … */
  readonly dialects: readonly string[];
  /** SMB2_NETNAME_NEGOTIATE_CONTEXT_ID: the server as the user names it; 3.1.1 only. */
  readonly serverName: string | null;
  readonly cut?: boolean;
}

export interface Smb2NegotiateResponse extends Smb2 {
  readonly kind: "NEGOTIATE response";
  readonly ntStatus: number;
  /** null where the server refuses; `2.???`: it wants another NEGOTIATE. */
  readonly dialect: string | null;
  /** The server's clock, seconds since 1970 with seven decimals. */
  readonly systemTime: string | null;
  /** Bytes of the security buffer. */
  readonly tokenLength: number;
  readonly cut?: boolean;
}

export interface Smb2SessionSetupRequest extends Smb2 {
  readonly kind: "SESSION_SETUP request";
  /** SMB2_SESSION_FLAG_BINDING: another connection of a session that exists (multichannel). */
  readonly isBinding: boolean;
  /** The session that this one takes the place of, after a reconnect. */
  readonly previousSessionId: string | null;
  readonly tokenLength: number;
  readonly cut?: boolean;
}

export interface Smb2SessionSetupResponse extends Smb2 {
  readonly kind: "SESSION_SETUP response";
  readonly ntStatus: number;
  /** The server let the client in as guest, or as nobody. */
  readonly isGuest: boolean;
  readonly isNull: boolean;
  readonly tokenLength: number;
  readonly cut?: boolean;
}

export interface Smb2TreeConnectRequest extends Smb2 {
  readonly kind: "TREE_CONNECT request";
  /** `\\server\share`; null where the capture does not hold it. */
  readonly path: string | null;
  readonly cut?: boolean;
}

export interface Smb2TreeConnectResponse extends Smb2 {
  readonly kind: "TREE_CONNECT response";
  readonly ntStatus: number;
}

/** Any other command that the server refused because of the session: expired or deleted. */
export interface Smb2ErrorResponse extends Smb2 {
  readonly kind: "ERROR response";
  readonly command: string;
  readonly ntStatus: number;
}

/** SMB2 TRANSFORM_HEADER: what follows is encrypted, and with it the logins that were made before. */
export interface Smb2Encrypted {
  readonly protocol: "smb2";
  readonly kind: "encrypted";
  readonly sessionId: string;
}

export type Smb2Message =
  | Smb2NegotiateRequest
  | Smb2NegotiateResponse
  | Smb2SessionSetupRequest
  | Smb2SessionSetupResponse
  | Smb2TreeConnectRequest
  | Smb2TreeConnectResponse
  | Smb2ErrorResponse
  | Smb2Encrypted;
