/** A kind of network by its number in the file header; `linkType` is null where its frames are not understood here. */
interface Network {
  readonly name: string;
  readonly linkType: number | null;
}

/** RFC 1761 section 3, and the numbers that IANA added (snoop-datalink-types). */
const networks: ReadonlyMap<number, Network> = new Map([
  [0, { name: "IEEE 802.3", linkType: 1 }],
  [1, { name: "IEEE 802.4 Token Bus", linkType: null }],
  [2, { name: "IEEE 802.5 Token Ring", linkType: 6 }],
  [3, { name: "IEEE 802.6 Metro Net", linkType: null }],
  [4, { name: "Ethernet", linkType: 1 }],
  [5, { name: "HDLC", linkType: null }],
  [6, { name: "character synchronous", linkType: null }],
  [7, { name: "IBM channel-to-channel", linkType: null }],
  [8, { name: "FDDI", linkType: 10 }],
  // UNICOS/mp writes an address family in front, as the loopback of BSD does.
  [9, { name: "other", linkType: 0 }],
  [14, { name: "software loopback", linkType: 0 }],
  [16, { name: "Fibre Channel", linkType: 122 }],
  [18, { name: "ATM Classical IP", linkType: 123 }],
  [26, { name: "InfiniBand", linkType: null }],
]);

export const RADIO_NETWORK = 18;
const RADIO_LINK_TYPE = 105;

/** Surveyor of Shomiti and Finisar gave other meanings to the numbers from 10 on. */
const surveyorNetworks: ReadonlyMap<number, Network> = new Map([
  ...[...networks].filter(([number]) => number <= 8),
  [10, { name: "Fast Ethernet", linkType: 1 }],
  [11, { name: "Token Ring, 4 Mbit/s", linkType: 6 }],
  [12, { name: "Gigabit Ethernet", linkType: 1 }],
  [13, { name: "Token Ring", linkType: 6 }],
  [14, { name: "Token Ring, 4 Mbit/s", linkType: 6 }],
  [RADIO_NETWORK, { name: "IEEE 802.11 with a radio header", linkType: RADIO_LINK_TYPE }],
  [19, { name: "10 Gigabit Ethernet", linkType: 1 }],
]);

export function networkOf(number: number, isSurveyor: boolean): Network {
  const known = (isSurveyor ? surveyorNetworks : networks).get(number);
  return known ?? { name: "not assigned", linkType: null };
}
