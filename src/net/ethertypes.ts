/** EtherTypes (IEEE 802 numbers) that more than one file speaks of; the rest stand where they are read. */
export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;
export const ARP = 0x0806;
/** A whole Ethernet frame follows (RFC 1701's "Transparent Ethernet Bridging"). */
export const BRIDGED = 0x6558;
export const PPP = 0x880b;
export const MPLS = 0x8847;

/** What a type field holds below this is the length of an IEEE 802.2 LLC header and what follows it. */
export const FIRST_ETHERTYPE = 0x0600;
/** In place of an EtherType: LLC of unknown length. */
export const LLC = 0;

/** In place of an EtherType: not a network layer that is read here. */
export const NOTHING = -1;
