import type { DnsMessage } from "../../dissectors/dns/message.ts";
import type { AsRep, AsReq, KrbError, TgsRep, TgsReq } from "../../dissectors/kerberos/message.ts";
import type { Smb2Encrypted } from "../../dissectors/smb2/message.ts";
import type { ClientHello } from "../../dissectors/tls/message.ts";
import type {
  Connection,
  ConnectionFailure,
  LostDatagram,
  NeighbourSilence,
  Unreachable,
} from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { Instant } from "../model/time.ts";
import type { LocatorName } from "./locator-names.ts";
import type { DcPing } from "./locator-pings.ts";
import type { NetbiosCall } from "./netbios-calls.ts";
import type { PasswordChange } from "./password-changes.ts";
import type { TokenUse } from "./uses.ts";

/** Of a KDC, for AS and TGS alike (RFC 4120 section 7.2). */
export const KERBEROS_PORT = 88;

/** Something seen at a frame and a time: what all evidence has in common. */
export interface Seen {
  readonly frame: number;
  readonly time: Instant;
}

/** One question to one DNS server: its repetitions and its answer. */
export interface DnsLookup extends Seen {
  /** Lower case, without the trailing dot. */
  readonly name: string;
  /** The name taken apart, where domain controllers are found by such. */
  readonly locator: LocatorName | null;
  readonly type: string;
  readonly server: string;
  /** Port of the client, and number of the question. */
  readonly port: number;
  readonly id: number;
  readonly queries: Observation<DnsMessage>[];
  response: Observation<DnsMessage> | null;
  unreachable: Unreachable | null;
  /** A response came, cut for UDP. */
  truncated: boolean;
}

/** One request to one KDC, its retransmissions and its reply. Either side may be missing from the capture. */
export interface KdcExchange extends Seen {
  readonly kind: "AS" | "TGS";
  readonly kdc: string;
  readonly transport: "udp" | "tcp";
  readonly connection: Connection | null;
  readonly request: Observation<AsReq | TgsReq> | null;
  readonly repeats: Observation<AsReq | TgsReq>[];
  reply: Observation<AsRep | TgsRep | KrbError> | null;
  unreachable: Unreachable | null;
}

/** One request to a service and its response, as they stood on their connection. Either side may be missing. */
export interface ServiceExchange extends Seen {
  readonly connection: Connection;
  readonly request: Observation | null;
  response: Observation | null;
  /** The capture lost bytes of the server in which the response may have been. */
  responseLost: boolean;
  /** `connection.lost` of the server's direction when the request was seen. */
  readonly lostBefore: number;
  /** The same of the client's direction. */
  readonly lostAsking: number;
  /** `connection.seen` of the server's direction then. */
  readonly seenBefore: number;
}

/** A connection that is encrypted: all that is known of it is whom its ClientHello named, or that it is SMB. */
export interface SealedConnection extends Seen {
  readonly connection: Connection;
  readonly opening: Observation<ClientHello | Smb2Encrypted>;
  readonly serverName: string | null;
}

/** Something said to or by a domain controller of which a snap length left a part. */
export interface CutTalk extends Seen {
  readonly from: string;
  readonly to: string;
  /** Of the domain controller: that of Kerberos, or of CLDAP. */
  readonly port: number;
}

/** All that the capture holds of one client address and that is not yet reported. */
export interface Evidence {
  readonly client: string;
  readonly dns: readonly DnsLookup[];
  readonly kdc: readonly KdcExchange[];
  /** What was asked of services in whose protocols users log on: HTTP and the others of `services/`. */
  readonly services: readonly ServiceExchange[];
  readonly sealed: readonly SealedConnection[];
  readonly pings: readonly DcPing[];
  readonly uses: readonly TokenUse[];
  readonly passwords: readonly PasswordChange[];
  readonly netbios: readonly NetbiosCall[];
  readonly failures: readonly ConnectionFailure[];
  readonly unreachable: readonly Unreachable[];
  readonly silences: readonly NeighbourSilence[];
  readonly lostDatagrams: readonly LostDatagram[];
  /** Connections to KDCs, whether or not a message of them could be read. */
  readonly kdcTalks: readonly Connection[];
  readonly cutTalks: readonly CutTalk[];
}
