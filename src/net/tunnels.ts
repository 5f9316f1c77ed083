import { BRIDGED, IPV4, IPV6, MPLS, NOTHING } from "./ethertypes.ts";
import { follow } from "./link-ethernet.ts";
import type { LinkTally } from "./link-tally.ts";
import { goDeeper, type Packet } from "./packet.ts";
import { isPlausible } from "./plausible.ts";
import { gre } from "./tunnels-gre.ts";
import { type Opening, udpTunnel } from "./tunnels-udp.ts";

const IPV4_IN_IP = 4;
const UDP = 17;
const IPV6_IN_IP = 41;
const GRE = 47;
const ETHERIP = 97;
const MPLS_IN_IP = 137;

const byProtocol: ReadonlyMap<number, Opening> = new Map<number, Opening>([
  [IPV4_IN_IP, { tunnel: "IP in IP", open: () => IPV4 }],
  [IPV6_IN_IP, { tunnel: "IP in IP", open: () => IPV6 }],
  [GRE, { tunnel: "GRE", open: gre }],
  [ETHERIP, { tunnel: "EtherIP", open: etherIp }],
  [MPLS_IN_IP, { tunnel: "MPLS", open: () => MPLS }],
]);

/**
 * Takes the packet at `packet.at`, carried as IP `protocol`, out of its tunnel: moves to the network header inside and
 * returns its EtherType; `NOTHING`, with the packet as it was, where there is no tunnel or nothing plausible in it.
 */
export function enterTunnel(packet: Packet, protocol: number, tally: LinkTally): number {
  const opening = protocol === UDP ? udpTunnel(packet) : byProtocol.get(protocol);
  if (opening === undefined || !goDeeper(packet)) return NOTHING;
  const { at, end, missing, group } = packet;
  packet.group = false;
  const type = follow(packet, opening.open(packet));
  if (isPlausible(packet, type)) {
    tally.tunnel(opening.tunnel);
    return type;
  }
  packet.at = at;
  packet.end = end;
  packet.missing = missing;
  packet.group = group;
  return NOTHING;
}

/** RFC 3378: version 3, then an Ethernet frame. */
function etherIp(packet: Packet): number {
  if (packet.at + 2 > packet.end || (packet.bytes[packet.at] ?? 0) >> 4 !== 3) return NOTHING;
  packet.at += 2;
  return BRIDGED;
}
