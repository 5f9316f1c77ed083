import type { Fault } from "../../dissectors/asn1/survey.ts";
import type { Fingerprint } from "../../dissectors/dissector.ts";
import { limits } from "../bytes/limits.ts";
import type { Content, Element } from "./element.ts";

/** One token being read: its bytes, what was found wrong with it, and how much more of it may be shown. */
export class Reading {
  readonly bytes: Uint8Array;
  readonly fingerprint: Fingerprint;
  readonly faults: Fault[] = [];
  /** Tokens being read inside one another. */
  depth = 0;
  private elements = 0;

  constructor(bytes: Uint8Array, fingerprint: Fingerprint) {
    this.bytes = bytes;
    this.fingerprint = fingerprint;
  }

  /** Counts an element; false once there are too many, which is told once. */
  room(at: number): boolean {
    this.elements++;
    if (this.elements === limits.decodedElements + 1) {
      this.fault(at, `more than ${limits.decodedElements} elements; the rest is not shown`);
    }
    return this.elements <= limits.decodedElements;
  }

  /** Remembers what is wrong at `at`, and gives it as the content of an element. */
  fault(at: number, text: string, wanted?: number): Content {
    const known = this.faults.some((one) => one.at === at && one.text === text);
    if (!known && this.faults.length < limits.decodedFaults)
      this.faults.push(wanted === undefined ? { at, text } : { at, text, wanted });
    return { problem: text };
  }

  /** The same where no element begins; that a cut token ends there is told once, of the whole token. */
  headFault({ at, text }: Fault, bound: number): Content {
    const isCut = bound > this.bytes.length && text.startsWith("the input ends");
    return isCut ? { problem: "cut" } : this.fault(at, text);
  }

  /** The bytes of `[start, end)` that are there. */
  view(start: number, end: number): Uint8Array {
    return this.bytes.subarray(start, Math.max(start, Math.min(end, this.bytes.length)));
  }

  /** Elements one behind the other, made by `each` while there is room. */
  *within<T extends { readonly offset: number }>(parts: readonly T[], each: (part: T) => Element): Generator<Element> {
    for (const part of parts) {
      if (!this.room(part.offset)) return;
      yield each(part);
    }
  }
}
