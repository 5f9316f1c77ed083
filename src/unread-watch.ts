import { dns } from "../dissectors/dns/index.ts";
import { tls } from "../dissectors/tls/index.ts";
import { KERBEROS_PORT } from "./correlate/evidence.ts";
import type { Dispatch } from "./dispatch/dispatch.ts";
import type { Connection, Endpoint } from "./model/connection.ts";
import type { DatagramView } from "./model/packet.ts";
import type { Instant } from "./model/time.ts";
import type { NetSink } from "./net/sink.ts";

/** What is known of talks of which not every message can be read. */
export interface Sightings {
  /** A connection to a KDC, before anything of it is read. */
  kdcTalk(connection: Connection): void;
  /** Something said to or by a domain controller of which a snap length left a part. */
  cutTalk(cut: Cut, isFromServer: boolean): void;
  /** A snap length cut what may belong to a login; perhaps told more than once of each. */
  unreadLogin(client: string, server: Endpoint): void;
  /** The same of questions and answers of DNS. */
  unreadNames(client: string): void;
}

export interface Cut {
  readonly from: string;
  readonly to: string;
  /** Of the domain controller: that of Kerberos, or of CLDAP. */
  readonly port: number;
  readonly frame: number;
  readonly time: Instant;
}

/** Of domain controllers, in datagrams: Kerberos and CLDAP. */
const CONTROLLER_PORTS: readonly number[] = [KERBEROS_PORT, 389];
const NAME_PORTS: readonly number[] = dns.ports.tcp ?? [];
/** Whole, it would show no more of a login. */
const SEALED_PORTS: readonly number[] = tls.ports.tcp ?? [];

/** The same dispatch, which tells of what it is shown and cannot read. */
export function watchUnread(dispatch: Dispatch, sightings: Sightings): Dispatch & Pick<NetSink, "cutOpening"> {
  return {
    ...dispatch,
    cutOpening(client, server, now) {
      if (server.port === KERBEROS_PORT) tellOpening(client, server, now, sightings);
      tellStream(client.address, server, sightings);
    },
    opened(connection, protocol) {
      if (protocol === "kerberos") sightings.kdcTalk(connection);
      dispatch.opened(connection, protocol);
    },
    gap(connection, direction, length) {
      const isMissed = dispatch.gap(connection, direction, length);
      if (isMissed && connection.cut[direction] > 0) {
        tellStream(connection.client.address, connection.server, sightings);
      }
      return isMissed;
    },
    datagram(view) {
      if (view.missing > 0) tellCut(view, sightings);
      const isRead = dispatch.datagram(view);
      if (!isRead && view.missing > 0) tellDatagram(view, sightings);
      return isRead;
    },
  };
}

/** Unlike a datagram it may hold the answer, too, whichever side was heard first. */
function tellOpening(client: Endpoint, { address, port }: Endpoint, now: Now, sightings: Sightings): void {
  const { frame, seconds, nanos } = now;
  sightings.cutTalk({ from: address, to: client.address, port, frame, time: { seconds, nanos } }, true);
}

type Now = Parameters<NetSink["cutOpening"]>[2];

function tellStream(client: string, server: Endpoint, sightings: Sightings): void {
  if (NAME_PORTS.includes(server.port)) sightings.unreadNames(client);
  else if (!SEALED_PORTS.includes(server.port)) sightings.unreadLogin(client, server);
}

function tellCut({ src, dst, sport, dport, frame, seconds, nanos }: DatagramView, sightings: Sightings): void {
  const isReply = CONTROLLER_PORTS.includes(sport);
  const port = isReply ? sport : dport;
  if (!CONTROLLER_PORTS.includes(port)) return;
  sightings.cutTalk({ from: src, to: dst, port, frame, time: { seconds, nanos } }, isReply);
}

function tellDatagram({ src, dst, sport, dport }: DatagramView, sightings: Sightings): void {
  if (CONTROLLER_PORTS.includes(sport)) sightings.unreadLogin(dst, { address: src, port: sport });
  else if (CONTROLLER_PORTS.includes(dport)) sightings.unreadLogin(src, { address: dst, port: dport });
  else if (NAME_PORTS.includes(sport)) sightings.unreadNames(dst);
  else if (NAME_PORTS.includes(dport)) sightings.unreadNames(src);
}
