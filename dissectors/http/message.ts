/** One challenge of WWW-/Proxy-Authenticate, or the credentials of (Proxy-)Authorization. */
export interface AuthHeader {
  /** As sent: `Negotiate`, `NTLM`, `Kerberos`, `Basic`, … */
  readonly scheme: string;
  /** Characters of the token behind the scheme; 0 when there is none. Basic and Bearer credentials are only counted. */
  readonly tokenLength: number;
  /** The token is base64 that decodes to a GSS or NTLM token; null where there is none or another scheme. */
  readonly tokenSound: boolean | null;
}
export interface HttpRequest {
  readonly protocol: "http";
  readonly kind: "request";
  readonly method: string;
  /** Without query string: it may hold secrets. */
  readonly target: string;
  readonly version: string;
  readonly host: string | null;
  readonly userAgent: string | null;
  readonly authorization: AuthHeader | null;
  readonly proxyAuthorization: AuthHeader | null;
  /** Bytes of the header block. */
  readonly headerBytes: number;
  /** The capture holds only the beginning of the header block. */
  readonly cut?: boolean;
  readonly via: string | null;
}
export interface HttpResponse {
  readonly protocol: "http";
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  /** Of each kind the first `limits.httpChallenges`. */
  readonly challenges: readonly AuthHeader[];
  readonly proxyChallenges: readonly AuthHeader[];
  readonly server: string | null;
  /** The Date header as seconds since 1970. */
  readonly date: number | null;
  readonly via: string | null;
  /** Without query string. */
  readonly location: string | null;
  /** `Connection: close` (or `Proxy-Connection`), or HTTP/1.0 without keep-alive. */
  readonly closes: boolean;
  /** The capture holds only the beginning of the header block. */
  readonly cut?: boolean;
}
export type HttpMessage = HttpRequest | HttpResponse;
