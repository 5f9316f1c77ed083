import type { Tunnel } from "../model/link-facts.ts";
import { BRIDGED, FIRST_ETHERTYPE, IPV6, MPLS, NOTHING } from "./ethertypes.ts";
import { nextProtocol } from "./link-ethernet.ts";
import { cutTo, type Packet } from "./packet.ts";
import { ipVersion } from "./plausible.ts";
import { gre } from "./tunnels-gre.ts";
import { u16 } from "./words.ts";

/** A tunnel by what announces it: passes its header and returns the type of what follows, as `ethertypes.ts` names it. */
export interface Opening {
  readonly tunnel: Tunnel;
  readonly open: (packet: Packet) => number;
}

const HEADER = 8;
const TEREDO_PORT = 3544;

const vxlan = within("VXLAN", vxlanFrame);
const vxlanGpe = within("VXLAN", extendedVxlan);
const geneve = within("GENEVE", geneveFrame);
const teredo = within("Teredo", teredoPacket);
const mplsInUdp = within("MPLS", () => MPLS);
const greInUdp = within("GRE", gre);
const gtp = within("GTP-U", userPlane);

/** The tunnel to whose port the datagram goes; of Teredo it may also come from there. */
export function udpTunnel({ bytes, at }: Packet): Opening | undefined {
  switch (u16(bytes, at + 2)) {
    case 4789:
    case 8472: // Linux before the port was assigned
      return vxlan;
    case 4790:
      return vxlanGpe;
    case 6081:
      return geneve;
    case TEREDO_PORT:
      return teredo;
    case 6635:
      return mplsInUdp;
    case 4754:
      return greInUdp;
    case 2152:
      return gtp;
    default:
      return u16(bytes, at) === TEREDO_PORT ? teredo : undefined;
  }
}

/** What `inside` opens, behind a UDP header. */
function within(tunnel: Tunnel, inside: (packet: Packet) => number): Opening {
  const open = (packet: Packet) => {
    const { bytes, at } = packet;
    const length = u16(bytes, at + 4);
    if (at + HEADER > packet.end || (length !== 0 && length < HEADER)) return NOTHING;
    if (length !== 0) cutTo(packet, at + length);
    packet.at = at + HEADER;
    return inside(packet);
  };
  return { tunnel, open };
}

const HAS_NETWORK = 0x08;
const HAS_PROTOCOL = 0x04;

/** RFC 7348 section 5. */
function vxlanFrame(packet: Packet): number {
  const flags = packet.bytes[packet.at] ?? 0;
  packet.at += 8;
  return packet.at <= packet.end && (flags & HAS_NETWORK) !== 0 ? BRIDGED : NOTHING;
}

/** VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe section 3). */
function extendedVxlan(packet: Packet): number {
  const flags = packet.bytes[packet.at] ?? 0;
  const protocol = packet.bytes[packet.at + 3] ?? 0;
  const type = vxlanFrame(packet);
  return type !== NOTHING && (flags & HAS_PROTOCOL) !== 0 ? nextProtocol(protocol) : type;
}

/** RFC 8926 section 3.4. */
function geneveFrame(packet: Packet): number {
  const { bytes, at } = packet;
  const first = bytes[at] ?? 0;
  packet.at = at + 8 + (first & 0x3f) * 4;
  const type = u16(bytes, at + 2);
  return packet.at <= packet.end && first >> 6 === 0 && type >= FIRST_ETHERTYPE ? type : NOTHING;
}

/** RFC 4380 section 5.1.1: authentication and the origin of the packet may stand before it. */
function teredoPacket(packet: Packet): number {
  const { bytes, at } = packet;
  if (u16(bytes, at) === 1) packet.at += 4 + (bytes[at + 2] ?? 0) + (bytes[at + 3] ?? 0) + 9;
  if (u16(bytes, packet.at) === 0) packet.at += 8;
  return ipVersion(packet) === IPV6 ? IPV6 : NOTHING;
}

const GTP_PACKET = 0xff;
const GTP_OPTIONS = 7;
const GTP_EXTENDED = 4;

/** 3GPP TS 29.281 section 5: version 1; options where any flag is set, then extensions, each naming the next. */
function userPlane(packet: Packet): number {
  const { bytes, at, end } = packet;
  const flags = bytes[at] ?? 0;
  if (at + 8 > end || flags >> 4 !== 3 || bytes[at + 1] !== GTP_PACKET) return NOTHING;
  cutTo(packet, at + 8 + u16(bytes, at + 2));
  packet.at = at + ((flags & GTP_OPTIONS) !== 0 ? 12 : 8);
  if ((flags & GTP_EXTENDED) === 0) return ipVersion(packet);
  for (let next = bytes[packet.at - 1] ?? 0; next !== 0; next = bytes[packet.at - 1] ?? 0) {
    const length = (bytes[packet.at] ?? 0) * 4;
    packet.at += length;
    if (length === 0 || packet.at > packet.end) return NOTHING;
  }
  return ipVersion(packet);
}
