import { OPENING_BYTES, Openings } from "./openings.ts";

/** What was made of bytes lately, found again by the same bytes: for short encodings that come again and again. */
export class Recent<T> {
  private readonly openings: Openings;
  private readonly made: (T | null)[];

  /** `places`: how much is remembered; a power of two. */
  constructor(places: number) {
    this.openings = new Openings(places);
    this.made = Array.from({ length: places }, () => null);
  }

  /** What was made of `bytes[start, end)`; null where that is not known any more, or too long to be remembered. */
  find(bytes: Uint8Array, start: number, end: number): T | null {
    if (end - start > OPENING_BYTES) return null;
    const newer = this.openings.look(bytes, start, end);
    if (this.openings.is(newer)) return this.made[newer] ?? null;
    return this.openings.is(newer + 1) ? (this.made[newer + 1] ?? null) : null;
  }

  keep(bytes: Uint8Array, start: number, end: number, made: T): void {
    if (end - start > OPENING_BYTES) return;
    const newer = this.openings.look(bytes, start, end);
    this.openings.take(newer);
    this.made[newer + 1] = this.made[newer] ?? null;
    this.made[newer] = made;
  }
}
