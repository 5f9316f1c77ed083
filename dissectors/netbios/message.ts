/** A NetBIOS name: up to 15 characters, and the byte that says what it is the name of (`0x1c`: domain controllers). */
export interface NetbiosName {
  readonly text: string;
  readonly suffix: number;
}
export interface NbnsMessage {
  readonly protocol: "nbns";
  readonly kind: "query" | "response";
  readonly id: number;
  /** RFC 1002 4.2.1.1: 0 query, 5 registration, 6 release, 7 wait, 8 refresh. */
  readonly opcode: number;
  readonly broadcast: boolean;
  readonly rcode: number;
  readonly name: NetbiosName;
  /** `NB`, `NBSTAT`, … or `TYPE99`. */
  readonly type: string;
  /** IPv4 addresses of a positive answer of type NB. */
  readonly addresses: readonly string[];
}
export interface NbdgmMessage {
  readonly protocol: "nbdgm";
  readonly kind: "datagram";
  readonly source: NetbiosName;
  readonly destination: NetbiosName;
  /** `\MAILSLOT\NET\NETLOGON`; null where the datagram holds no mailslot message. */
  readonly mailslot: string | null;
  /** First two bytes of a mailslot message to a name under `\MAILSLOT\NET\`: MS-ADTS 6.3.1.3; null elsewhere. */
  readonly opcode: number | null;
}
