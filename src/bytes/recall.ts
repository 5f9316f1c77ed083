import { OPENING_BYTES, Openings } from "./openings.ts";

/** What was read of short pieces of bytes that come again and again: it is found again by the same bytes. */
export class Recall<T> {
  private readonly openings: Openings;
  private readonly values: (T | null)[];
  private readonly longest: number;

  /** `places`: how much is remembered, a power of two; `longest`: bytes of the longest piece, a multiple of four. */
  constructor(places: number, longest = OPENING_BYTES) {
    this.openings = new Openings(places, longest);
    this.values = new Array<T | null>(places).fill(null);
    this.longest = longest;
  }

  /** What was kept of the same bytes as `bytes[start, end)`, else null. */
  find(bytes: Uint8Array, start: number, end: number): T | null {
    if (end - start > this.longest) return null;
    const newer = this.openings.look(bytes, start, end);
    return this.known(newer) ?? this.known(newer + 1);
  }

  /** Keeps what was read of `bytes[start, end)`, unless they are too many. */
  keep(bytes: Uint8Array, start: number, end: number, value: T): void {
    if (end - start > this.longest) return;
    const newer = this.openings.look(bytes, start, end);
    this.openings.take(newer);
    this.values[newer + 1] = this.values[newer] ?? null;
    this.values[newer] = value;
  }

  private known(place: number): T | null {
    return this.openings.is(place) ? (this.values[place] ?? null) : null;
  }
}
