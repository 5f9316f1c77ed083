import { ipv4Bits } from "../bytes/address.ts";
import { mix } from "../bytes/mix.ts";

/** What is remembered of a client over the whole capture: bits. */
export const MARK = {
  dns: 1,
  kdc: 2,
  login: 4,
  /** A snap length cut what may have been a login. */
  unreadLogin: 8,
  /** The same of questions and answers of DNS. */
  unreadNames: 16,
} as const;

const FIRST_PLACES = 1_024;

/**
 * Marks of clients by address. Of IPv4 five bytes a place and no text: there may be hundreds of thousands.
 *
 * `seed` makes the table unpredictable for a forged capture and nothing else.
 */
export class ClientMarks {
  private readonly limit: number;
  private readonly seed: number;
  /** A place without marks is free; of four at most three are taken. */
  private addresses = new Int32Array(FIRST_PLACES);
  private marks = new Uint8Array(FIRST_PLACES);
  private taken = 0;
  /** Of every client. */
  private common = 0;
  /** Those that are not IPv4. */
  private readonly others = new Map<string, number>();

  constructor(limit: number, seed: number) {
    this.limit = limit;
    this.seed = mix(seed ^ 0x6d61726b);
  }

  /** All marks of the client; 0 where it has none. */
  of(client: string): number {
    const address = ipv4Bits(client);
    const own = address === null ? this.others.get(client) : this.marks[this.placeOf(address)];
    return (own ?? 0) | this.common;
  }

  /** Adds a mark that says what may be; where there is no room for another client, to all of them. */
  suspect(client: string, mark: number): void {
    if (this.add(client, mark) === 0) this.common |= mark;
  }

  /** Adds `mark` and returns all marks of the client; 0 where there is no room for another client. */
  add(client: string, mark: number): number {
    const address = ipv4Bits(client);
    const place = address === null ? -1 : this.placeOf(address);
    const known = (place < 0 ? this.others.get(client) : this.marks[place]) ?? 0;
    if (known === 0 && this.taken + this.others.size >= this.limit) return 0;
    const marks = known | mark;
    if (address === null) this.others.set(client, marks);
    else this.enter(place, address, marks, known === 0);
    return marks;
  }

  private enter(place: number, address: number, marks: number, isNew: boolean): void {
    this.addresses[place] = address;
    this.marks[place] = marks;
    if (!isNew) return;
    this.taken += 1;
    if (this.taken * 4 > this.marks.length * 3) this.grow();
  }

  /** Where the address is, or the free place where it would be. */
  private placeOf(address: number): number {
    const { addresses, marks } = this;
    const mask = marks.length - 1;
    let place = mix(address ^ this.seed) & mask;
    while (marks[place] !== 0 && addresses[place] !== address) place = (place + 1) & mask;
    return place;
  }

  private grow(): void {
    const { addresses, marks } = this;
    this.addresses = new Int32Array(addresses.length * 2);
    this.marks = new Uint8Array(marks.length * 2);
    for (let old = 0; old < marks.length; old += 1) {
      const mark = marks[old] ?? 0;
      if (mark === 0) continue;
      const address = addresses[old] ?? 0;
      this.enter(this.placeOf(address), address, mark, false);
    }
  }
}
