import { NOTHING } from "./ethertypes.ts";
import { cutTo, type Packet } from "./packet.ts";
import { ipVersion } from "./plausible.ts";
import { le16, u16 } from "./words.ts";

const HEADER = 4;
const PAYLOAD = 9;
/** Bits of a type that say how to read its value. */
const TYPE = 0x3fff;

/** Netfilter's log (linux/netfilter/nfnetlink_log.h): attributes, one of which is the packet from its IP header on. */
export function nflog(packet: Packet): number {
  const { bytes, end } = packet;
  let at = packet.at + HEADER;
  // Lengths stand in the byte order of the capturing host: the first, always short, tells which.
  const word = le16(bytes, at) > u16(bytes, at) ? u16 : le16;
  while (at + 4 <= end) {
    const length = word(bytes, at);
    if (length < 4) return NOTHING;
    if ((word(bytes, at + 2) & TYPE) === PAYLOAD) {
      packet.at = at + 4;
      cutTo(packet, at + length);
      return ipVersion(packet);
    }
    at += (length + 3) & ~3;
  }
  return NOTHING;
}
