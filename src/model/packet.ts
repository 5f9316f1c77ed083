/** Whose bytes a new connection carries; told to `net` by whoever looks at its first bytes. */
export interface Recognition {
  /** Name of the stream protocol, or null: nobody wants this connection. */
  readonly protocol: StreamProtocol | null;
  /** Whether the side that sent these bytes is the client; null where the bytes do not say. */
  readonly senderIsClient: boolean | null;
}
export type StreamProtocol = "http" | "kerberos" | "dns" | "kpasswd" | "tls" | "smb" | "ldap" | "dcerpc" | "tds";

/** One UDP datagram, reassembled; a reused view like `FrameView`. */
export interface DatagramView {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** Bytes announced by the UDP header beyond what was captured. */
  missing: number;
  src: string;
  dst: string;
  sport: number;
  dport: number;
  frame: number;
  /** All frames of a fragmented datagram, the completing one last; null for an unfragmented one. */
  frames: readonly number[] | null;
  seconds: number;
  nanos: number;
}
