import { limits } from "../bytes/limits.ts";
import { type CaptureInterface, readInterface } from "./pcapng-interface.ts";

/** Both lengths included. */
const SMALLEST_INTERFACE = 20;

/** The interfaces of the current section, and what was already complained of. */
export class Interfaces {
  /** By number; null where a description could not be read, so that the later ones keep their numbers. */
  private list: (CaptureInterface | null)[] = [];
  private toldOfLimit = false;
  private readonly toldOf = new Set<number>();

  get count(): number {
    return this.list.length;
  }

  get(number: number): CaptureInterface | null {
    return this.list[number] ?? null;
  }

  /** A new section numbers its interfaces from 0. */
  clear(): void {
    this.list = [];
  }

  /** Takes in an Interface Description Block of `length` bytes at `at`; a sentence where something is wrong with it. */
  add(view: DataView, at: number, length: number, littleEndian: boolean): string | null {
    if (this.list.length >= limits.interfaces) return this.overLimit();
    if (length < SMALLEST_INTERFACE) {
      this.list.push(null);
      return `an interface description of ${length} bytes is too short`;
    }
    let complaint: string | null = null;
    const complain = () => {
      complaint = "an option of an interface description runs past its block";
    };
    this.list.push(readInterface(view, at + 8, at + length - 4, littleEndian, complain));
    return complaint;
  }

  /** The sentence about a packet of an interface that was not described; null where it was already said. */
  complainOf(number: number): string | null {
    if (this.toldOf.has(number) || this.toldOf.size >= limits.problems) return null;
    this.toldOf.add(number);
    return `the packets of interface ${number} are left out, because no such interface was described`;
  }

  private overLimit(): string | null {
    if (this.toldOfLimit) return null;
    this.toldOfLimit = true;
    return `more than ${limits.interfaces} interfaces; the others are not read`;
  }
}
