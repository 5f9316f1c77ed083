/**
 * What a capture file says about itself, beside its packets.
 *
 * Every field is absent where the format cannot say it or the file does not. Counts are totals of the whole file.
 */
export interface CaptureFacts {
  /** The program, the system and the hardware that wrote the file. */
  readonly application?: string;
  readonly os?: string;
  readonly hardware?: string;
  /** Name of the computer that captured. */
  readonly computer?: string;
  readonly comments?: readonly string[];
  readonly interfaces?: readonly InterfaceFacts[];
  /** The capture filter, in the words of the file. */
  readonly captureFilter?: string;
  /** Packets that the capturing system says it lost; they are not in the file. */
  readonly lost?: number;
  /** Buffers of events that an event trace lost: how many packets were in them is not known. */
  readonly lostBuffers?: number;
  /** Packets that the captured host threw away, by its own account of why. */
  readonly discarded?: readonly Discard[];
  /** Names that the file gives to addresses. */
  readonly names?: readonly NamedAddress[];
  /** Secrets that the file holds for decryption, by kind; the secrets themselves are not kept. */
  readonly secrets?: readonly { readonly kind: string; readonly count: number }[];
  /** Times were written in a local time whose zone the file does not name; they are shown as if it were UTC. */
  readonly zoneAssumed?: boolean;
  /** The capture was not closed as it should be: its last seconds may be missing. */
  readonly unfinished?: boolean;
  /** A trace that runs in a circle wrote over its beginning. */
  readonly overwritten?: boolean;
  /** The points of the capturing machine at which its packets were seen, where the file tells them apart. */
  readonly points?: readonly string[];
}

export interface InterfaceFacts {
  readonly name?: string;
  readonly description?: string;
  readonly linkType?: number;
  /** null: no limit. */
  readonly snapLength?: number | null;
  readonly filter?: string;
  readonly addresses?: readonly string[];
  readonly dnsServers?: readonly string[];
  readonly received?: number;
  /** Packets lost before they came into the file, by the interface and by the system. */
  readonly dropped?: number;
}

export interface Discard {
  /** The reason in the words of the system: `INET: inspection drop`. */
  readonly reason: string;
  readonly count: number;
  /** The first of them. */
  readonly frames: readonly number[];
}

export interface NamedAddress {
  readonly address: string;
  readonly name: string;
}
