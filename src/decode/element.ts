/** One element of a token: where it lies, what the specification calls it, and what it says. */
export interface Element {
  readonly name: string;
  /** `[0]` or `[APPLICATION 14]`, where the encoding has such a tag. */
  readonly tag?: string;
  /** Of its first byte in the whole token. */
  readonly offset: number;
  /** Bytes it claims, its own header included; of a cut token more than are there. */
  readonly length: number;
  /** Beside `children` it says in one line what they say. */
  readonly value?: string | number | boolean;
  /** What the value means, or why there is none. */
  readonly note?: string;
  readonly problem?: string;
  readonly children?: readonly Element[];
}

/** An element but for its name and place. */
export type Content = Omit<Element, "name" | "tag" | "offset" | "length">;
