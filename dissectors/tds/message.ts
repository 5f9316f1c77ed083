/** What SQL Server and its clients say before a log-on is done, as far as it is in clear. Passwords have no field. */
export interface TdsPrelogin {
  readonly protocol: "tds";
  readonly kind: "prelogin-request" | "prelogin-response";
  /** 0 OFF: only the log-on is encrypted; 1 ON; 2 NOT_SUP; 3 REQ; null where it is not said. */
  readonly encryption: number | null;
}
export interface TdsLogin {
  readonly protocol: "tds";
  readonly kind: "login";
  readonly hostName: string;
  /** Name of an SQL log-on; empty with integrated security. */
  readonly userName: string;
  readonly appName: string;
  /** The server as its client calls it: `sql.contoso.com,1433`, `SQL\INSTANCE`. */
  readonly serverName: string;
  readonly database: string;
  /** Integrated security: a token in place of a password. */
  readonly integrated: boolean;
}
/** A further token of the client. */
export interface TdsSspi {
  readonly protocol: "tds";
  readonly kind: "sspi";
}
export interface TdsResponse {
  readonly protocol: "tds";
  readonly kind: "response";
  readonly loggedIn: boolean;
  /** At most `limits.tdsErrors`. */
  readonly errors: readonly { readonly number: number; readonly state: number; readonly text: string }[];
}
export type TdsMessage = TdsPrelogin | TdsLogin | TdsSspi | TdsResponse;
