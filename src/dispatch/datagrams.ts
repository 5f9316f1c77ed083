import { kerberos } from "../../dissectors/kerberos/index.ts";
import { dissectors } from "../../dissectors/registry.ts";
import { Malformed } from "../bytes/malformed.ts";
import { FROM_CLIENT, FROM_SERVER } from "../model/connection.ts";
import type { DatagramView } from "../model/packet.ts";
import type { Decoder, Outlet } from "./outlet.ts";
import { placeOfDatagram } from "./place.ts";

const decoders: readonly Decoder[] = Object.values(dissectors);

/** For each UDP port the number of its decoder, counted from 1; 0: unclaimed. */
const claimed = claims();

function claims(): Uint8Array {
  const ports = new Uint8Array(65_536);
  Object.values(dissectors).forEach((dissector, index) => {
    for (const port of dissector.ports.udp ?? []) ports[port] = index + 1;
  });
  return ports;
}

export function wantsDatagram(sport: number, dport: number, bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return false;
  return (claimed[dport] ?? 0) !== 0 || (claimed[sport] ?? 0) !== 0 || isKerberos(bytes, start, end);
}

/** The one protocol whose look alone is believed on a port that nobody claims. */
function isKerberos(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  return first >= 0x6a && first <= 0x7e && kerberos.looksRight?.(bytes, start, end) === true;
}

/** Decodes a datagram; on a claimed port a malformed one is a problem, elsewhere it was somebody else's. False: malformed. */
export function readDatagram(outlet: Outlet, view: DatagramView): boolean {
  const toServer = claimed[view.dport] ?? 0;
  const fromServer = claimed[view.sport] ?? 0;
  const decoder = decoders[(toServer || fromServer) - 1] ?? kerberos;
  const decoded = outlet.decode(decoder, view.bytes.subarray(view.start, view.end), view.missing > 0);
  if (decoded instanceof Malformed) {
    const cut = view.missing > 0 ? ` (${view.missing} bytes of the datagram were not captured)` : "";
    if (toServer + fromServer > 0) outlet.problem(decoder.protocol, decoded.message + cut, view.frame);
    return false;
  }
  const place = placeOfDatagram(view, toServer !== 0 || fromServer === 0 ? FROM_CLIENT : FROM_SERVER);
  for (const each of decoded) outlet.emit(each, place);
  return true;
}
