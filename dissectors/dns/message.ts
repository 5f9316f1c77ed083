export interface DnsQuestion {
  readonly name: string;
  /** `A`, `AAAA`, `SRV`, … or `TYPE65280`. */
  readonly type: string;
}
export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  /** The address, the target name, `priority weight port target` for SRV; else a short text. */
  readonly data: string;
}
export interface DnsMessage {
  readonly protocol: "dns";
  readonly kind: "query" | "response";
  readonly id: number;
  readonly opcode: number;
  readonly questions: readonly DnsQuestion[];
  readonly rcode: number;
  readonly answers: readonly DnsRecord[];
  /** A, AAAA records of the additional section (addresses of SRV targets). */
  readonly additionals: readonly DnsRecord[];
  /** TC: the server left records out. */
  readonly truncated: boolean;
  /** The capture lacks the end of the message. */
  readonly cut?: boolean;
}
