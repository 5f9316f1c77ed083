import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { type Node, type TagClass, tree } from "./tree.ts";

/** What is wrong with an encoding, and at which offset. */
export interface Fault {
  readonly at: number;
  readonly text: string;
  /** The byte that should stand there, where it is but one. */
  readonly wanted?: number;
}

/** An element as far as it is there: of a damaged one the parts that can still be told apart. */
export interface Part extends Node {
  readonly children: readonly Part[];
  /** The input ends inside it. */
  readonly cut?: boolean;
  readonly fault?: Fault;
}

export type Head = Pick<Node, "tagClass" | "number" | "constructed" | "headerLength" | "length"> & {
  readonly fault?: string;
};

const CLASSES: readonly TagClass[] = ["universal", "application", "context", "private"];

/**
 * The element at `at`. Its parent says that it ends at `bound` at the latest, which may lie behind the end of `bytes`
 * where those were cut. What is sound is left to `tree`; what is not is gone through element by element, and where no
 * element begins a `Fault` takes its place. Never throws.
 */
export function survey(bytes: Uint8Array, at: number, bound: number): Part | Fault {
  return new Surveyor(bytes).part(at, bound, 0);
}

/** Identifier and length octets at `at` (X.690 8.1), or what is wrong with them. */
export function headAt(bytes: Uint8Array, at: number): Head | string {
  if (at + 2 > bytes.length) return "the input ends where an element should begin";
  const identifier = bytes[at] ?? 0;
  if ((identifier & 0x1f) === 0x1f)
    return `tag 0x${hex(identifier)} announces a long tag number, which nothing here has`;
  const first = bytes[at + 1] ?? 0;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80) return "the length is indefinite, which DER forbids";
  if (octets > 4) return `length octet 0x${hex(first)} announces ${octets} more, 4 at most make sense`;
  if (at + 2 + octets > bytes.length) return "the input ends inside a length";
  let length = octets === 0 ? first : 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  const head = {
    tagClass: CLASSES[identifier >>> 6] ?? "universal",
    number: identifier & 0x1f,
    constructed: (identifier & 0x20) !== 0,
    headerLength: 2 + octets,
    length,
  };
  const isMinimal = octets === 0 || (length >= 0x80 && bytes[at + 2] !== 0);
  return isMinimal ? head : { ...head, fault: "the length is written longer than it need be, which DER forbids" };
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, "0");
}

class Surveyor {
  private readonly bytes: Uint8Array;
  private elements = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  part(at: number, bound: number, depth: number): Part | Fault {
    if (++this.elements > limits.derElements) return { at, text: `more than ${limits.derElements} elements` };
    if (depth > limits.derDepth) return { at, text: `more than ${limits.derDepth} elements inside one another` };
    const head = headAt(this.bytes, at);
    if (typeof head === "string") return { at, text: head };
    const end = at + head.headerLength + head.length;
    const sound = end <= Math.min(bound, this.bytes.length) ? this.sound(at, end) : null;
    return sound ?? this.damaged(at, bound, head, depth);
  }

  private sound(at: number, end: number): Node | null {
    try {
      return tree(this.bytes.subarray(at, end), at);
    } catch (error) {
      if (error instanceof Malformed) return null;
      throw error;
    }
  }

  private damaged(at: number, bound: number, head: Head, depth: number): Part {
    const contents = at + head.headerLength;
    const end = contents + head.length;
    const inside = head.constructed ? this.children(contents, Math.min(end, bound), depth + 1) : { children: [] };
    const fault = ownFault(at, end, bound, head) ?? inside.fault;
    const { fault: _, ...place } = head;
    const part = { ...place, offset: at, children: inside.children, cut: Math.min(end, bound) > this.bytes.length };
    return fault === undefined ? part : { ...part, fault };
  }

  private children(start: number, bound: number, depth: number): { readonly children: Part[]; readonly fault?: Fault } {
    const children: Part[] = [];
    for (let at = start; at < Math.min(bound, this.bytes.length); ) {
      const child = this.part(at, bound, depth);
      if ("text" in child) return this.isCut(child, bound) ? { children } : { children, fault: child };
      children.push(child);
      at += child.headerLength + child.length;
    }
    return { children };
  }

  /** The end of the input is told once, by whoever handed it in. */
  private isCut({ text }: Fault, bound: number): boolean {
    return bound > this.bytes.length && text.startsWith("the input ends");
  }
}

function ownFault(at: number, end: number, bound: number, head: Head): Fault | undefined {
  if (end > bound) {
    const left = bound - at - head.headerLength;
    return { at: at + 1, text: `the length says ${head.length} bytes, but what it lies in has ${left} left` };
  }
  if (head.fault !== undefined) return { at: at + 1, text: head.fault };
  const inPieces = head.constructed && head.tagClass === "universal" && head.number !== 16 && head.number !== 17;
  return inPieces ? { at, text: `universal tag ${head.number} should not be constructed` } : undefined;
}
