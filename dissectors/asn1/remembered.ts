import { Recall } from "../../src/bytes/recall.ts";
import type { Der } from "./der.ts";

/** What was made of some bytes, and the elements that were met in them. */
interface Made<T> {
  readonly value: T;
  readonly elements: number;
}

/** Something short that comes again and again, as the name of a principal does: equal bytes are read once. */
export class Remembered<T> {
  private readonly made: Recall<Made<T>>;
  private readonly levels: number;
  private readonly make: (der: Der) => T;

  /** `places`: how much is remembered, a power of two; `levels`: how deep `make` enters elements. */
  constructor(places: number, levels: number, make: (der: Der) => T) {
    this.made = new Recall(places);
    this.levels = levels;
    this.make = make;
  }

  /** What `make` reads of the rest of the element that was entered last, which it is time to leave then. */
  read(der: Der): T {
    const { bytes, at, end, elements } = der;
    const known = this.made.find(bytes, at, end);
    if (known !== null && der.count(known.elements, this.levels)) return known.value;
    const value = this.make(der);
    if (known === null) this.made.keep(bytes, at, end, { value, elements: der.elements - elements });
    return value;
  }
}
