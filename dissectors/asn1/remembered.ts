import { OPENING_BYTES, Openings } from "../../src/bytes/openings.ts";
import type { Der } from "./der.ts";

/** Something short that comes again and again, as the name of a principal does: equal bytes are read once. */
export class Remembered<T> {
  private readonly openings: Openings;
  private readonly values: (T | null)[];
  /** Elements that each of the values was made of. */
  private readonly elements: Uint16Array;
  private readonly levels: number;
  private readonly make: (der: Der) => T;

  /** `places`: how much is remembered, a power of two; `levels`: how deep `make` enters elements. */
  constructor(places: number, levels: number, make: (der: Der) => T) {
    this.openings = new Openings(places);
    this.values = new Array<T | null>(places).fill(null);
    this.elements = new Uint16Array(places);
    this.levels = levels;
    this.make = make;
  }

  /** What `make` reads of the rest of the element that was entered last, which it is time to leave then. */
  read(der: Der): T {
    const { bytes, at, end } = der;
    if (end - at > OPENING_BYTES) return this.make(der);
    const newer = this.openings.look(bytes, at, end);
    return this.known(newer, der) ?? this.known(newer + 1, der) ?? this.added(newer, der);
  }

  private known(place: number, der: Der): T | null {
    const value = this.values[place] ?? null;
    if (value === null || !this.openings.is(place)) return null;
    return der.count(this.elements[place] ?? 0, this.levels) ? value : null;
  }

  private added(newer: number, der: Der): T {
    const { bytes, at, end, elements } = der;
    const value = this.make(der);
    // What `make` read may have been looked at meanwhile.
    this.openings.look(bytes, at, end);
    this.openings.take(newer);
    this.values[newer + 1] = this.values[newer] ?? null;
    this.values[newer] = value;
    this.elements[newer + 1] = this.elements[newer] ?? 0;
    this.elements[newer] = der.elements - elements;
    return value;
  }
}
