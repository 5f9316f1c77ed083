/** What every message says of itself; the union of all messages is derived in `registry.ts`. */
export interface MessageBase {
  readonly protocol: string;
  readonly kind: string;
}

/** Turns the bytes of an encrypted part into its fingerprint; handed in so that dissectors need no crypto of their own. */
export type Fingerprint = (cipher: Uint8Array) => string;

export interface Decoded<M> {
  readonly message: M;
  /** GSS-API, SPNEGO, NTLMSSP or bare Kerberos bytes carried by the message, still to be decoded. */
  readonly inside?: readonly Uint8Array[];
}

/** A protocol: pure, without state, blind to ports and other messages; `Malformed` is the only thing it throws. */
export interface Dissector<M extends MessageBase = MessageBase> {
  readonly protocol: string;
  readonly title: string;
  readonly specs: readonly string[];
  readonly ports: { readonly udp?: readonly number[]; readonly tcp?: readonly number[] };
  /** Cheap test for ports that nobody claims; looks at a few bytes of `bytes[start, end)`. */
  looksRight?(bytes: Uint8Array, start: number, end: number): boolean;
  /** All messages of one datagram or one framed message; `cut`: the capture does not hold all of its bytes. */
  decode(bytes: Uint8Array, fingerprint: Fingerprint, cut?: boolean): readonly Decoded<M>[];
  /** One line in the spirit of Network Monitor's description column; no control characters. */
  describe(message: M): string;
}
