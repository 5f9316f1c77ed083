import type { Dispatch } from "./dispatch/dispatch.ts";
import type { Connection } from "./model/connection.ts";
import type { DatagramView } from "./model/packet.ts";
import type { Instant } from "./model/time.ts";

const KERBEROS_PORT = 88;

/** What is known of talks with KDCs where no message of theirs can be read. */
export interface KdcSightings {
  /** A connection to a KDC, before anything of it is read. */
  kdcTalk(connection: Connection): void;
  /** A datagram to or from a KDC of which a snap length left a part. */
  cutDatagram(cut: KdcCut, isFromKdc: boolean): void;
}

export interface KdcCut {
  readonly from: string;
  readonly to: string;
  readonly frame: number;
  readonly time: Instant;
}

/** The same dispatch, which tells what it is shown of KDCs. */
export function watchKdcs(dispatch: Dispatch, sightings: KdcSightings): Dispatch {
  return {
    ...dispatch,
    opened(connection, protocol) {
      if (protocol === "kerberos") sightings.kdcTalk(connection);
      dispatch.opened(connection, protocol);
    },
    datagram(view) {
      if (view.missing > 0) tellCut(view, sightings);
      dispatch.datagram(view);
    },
  };
}

function tellCut({ src, dst, sport, dport, frame, seconds, nanos }: DatagramView, sightings: KdcSightings): void {
  if (sport !== KERBEROS_PORT && dport !== KERBEROS_PORT) return;
  sightings.cutDatagram({ from: src, to: dst, frame, time: { seconds, nanos } }, sport === KERBEROS_PORT);
}
