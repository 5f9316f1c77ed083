import { dcerpc, isRpcWanted, RPC_HEADER_BYTES, rpcFrameLength } from "../../dissectors/dcerpc/index.ts";
import { dns } from "../../dissectors/dns/index.ts";
import { kerberos, kerberosFrameLength, kpasswd, kpasswdFrameLength } from "../../dissectors/kerberos/index.ts";
import type { Connection } from "../model/connection.ts";
import type { StreamProtocol } from "../model/packet.ts";
import { ClientHelloStream } from "./framing/client-hello.ts";
import type { Waiting } from "./framing/gather.ts";
import type { HttpStreams } from "./framing/http-streams.ts";
import { LdapStream } from "./framing/ldap.ts";
import { dnsFrameLength, type Prefixed, PrefixedStream } from "./framing/prefixed.ts";
import { SmbStream } from "./framing/smb.ts";
import type { Stream } from "./framing/stream.ts";
import { TdsStream } from "./framing/tds.ts";
import type { Outlet } from "./outlet.ts";
import { recognise } from "./recognise.ts";

const looksRecognised = (protocol: StreamProtocol, port: number): Prefixed["looksRight"] => {
  return (bytes, start, end) => recognise(bytes, start, end, port, port)?.protocol === protocol;
};

/** Protocols of which every connection is read alike. */
const prefixed = {
  kerberos: {
    decoder: kerberos,
    prefix: 4,
    ports: [88],
    frameLength: kerberosFrameLength,
    looksRight: looksRecognised("kerberos", 88),
  },
  kpasswd: {
    decoder: kpasswd,
    prefix: 4,
    ports: [464],
    frameLength: kpasswdFrameLength,
    looksRight: looksRecognised("kpasswd", 464),
  },
  dns: { decoder: dns, prefix: 2, ports: [53], frameLength: dnsFrameLength, looksRight: looksRecognised("dns", 53) },
  dcerpc: {
    decoder: dcerpc,
    prefix: 0,
    ports: [135],
    frameLength: rpcFrameLength,
    reach: () => RPC_HEADER_BYTES,
    isWanted: isRpcWanted,
    looksRight: looksRecognised("dcerpc", 135),
  },
} as const satisfies Partial<Record<StreamProtocol, Prefixed>>;

/** What finds the messages of a connection whose protocol is known. */
export function openStream(
  outlet: Outlet,
  waiting: Waiting,
  https: HttpStreams,
  connection: Connection,
  protocol: StreamProtocol,
): Stream {
  switch (protocol) {
    case "http":
      return https.open(connection);
    case "tls":
      return new ClientHelloStream(outlet, waiting, connection);
    case "ldap":
      return new LdapStream(outlet, waiting, connection);
    case "smb":
      return new SmbStream(outlet, waiting, connection);
    case "tds":
      return new TdsStream(outlet, waiting, connection);
    default:
      return new PrefixedStream(outlet, waiting, connection, prefixed[protocol]);
  }
}
