/** What hides packets from whoever captures on a link, named as protocols. */
export const seals = ["ESP", "MACsec", "802.11", "PPP"] as const;
export type Seal = (typeof seals)[number];

/** Tunnels out of which packets are taken. */
export const tunnels = ["IP in IP", "EtherIP", "MPLS", "GRE", "VXLAN", "GENEVE", "Teredo", "GTP-U"] as const;
export type Tunnel = (typeof tunnels)[number];

export interface Sealed {
  readonly count: number;
  /** The first of them. */
  readonly frames: readonly number[];
}

/** What a capture's links and tunnels held. Counts are of frames, for tunnels of packets. */
export interface LinkFacts {
  /** Link types that are not read, by LINKTYPE_ number. */
  readonly undecoded: ReadonlyMap<number, number>;
  readonly sealed: ReadonlyMap<Seal, Sealed>;
  readonly tunnels: ReadonlyMap<Tunnel, number>;
  /** Packets of messages that were captured twice at one point, and were left out. */
  readonly twins: Sealed;
}
