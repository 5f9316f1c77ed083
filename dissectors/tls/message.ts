/** The ClientHello that opens a TLS connection: all that a capture without keys shows of who is meant. */
export interface ClientHello {
  readonly protocol: "tls";
  readonly kind: "client-hello";
  readonly serverName: string | null;
  readonly alpn: readonly string[];
}
