import type { ProblemSink } from "../../model/problem.ts";
import { Damage } from "./damage.ts";
import { type Output, Packed } from "./packed.ts";

/** Undoes one compression, without I/O. */
export interface Unpacker {
  /** Hands over the next bytes of the packed file; only after `next` gave null. They stay unchanged until then. */
  feed(piece: Uint8Array): void;
  /** No more will be fed. */
  end(): void;
  /** Bytes that came out, never none, valid until the next call; null when more must be fed, or at the end. */
  next(): Uint8Array | null;
  /** Nothing will come out any more, whatever is fed. */
  readonly done: boolean;
}

/** A compression: `name` stands in sentences, `decode` gives what came before when it throws `Damage`. */
export interface Method {
  readonly name: string;
  decode(packed: Packed): Output;
}

/** Every compression ends like this: what is wrong is told once, and what came before it is kept. */
export function unpackerOf(method: Method, report: ProblemSink): Unpacker {
  const packed = new Packed(report);
  const output = guarded(method, packed);
  let done = false;
  return {
    feed: (piece) => packed.pieces.feed(piece),
    end() {
      packed.ended = true;
    },
    next() {
      for (;;) {
        const { value, done: isLast } = output.next();
        if (isLast === true) done = true;
        if (isLast === true || value === null) return null;
        if (value.length > 0) return value;
      }
    },
    get done() {
      return done;
    },
  };
}

function* guarded({ name, decode }: Method, packed: Packed): Output {
  try {
    yield* decode(packed);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    packed.report({ text: sentence(name, error, packed.pieces.offset()) });
  }
}

function sentence(name: string, { kind, message }: Damage, at: number): string {
  if (kind === "cut") return `the ${name} data is cut short; what stands before was read`;
  if (kind === "refused") return `the ${name} data was not read further: ${message}`;
  return `the ${name} data is damaged before byte ${at} of the file (${message}); what stands before was read`;
}

/** A checksum is told and otherwise ignored: the capture reader may still make sense of the bytes. */
export function wrongChecksum(name: string): string {
  return `the ${name} checksum is wrong, so the data may be damaged; it was read all the same`;
}

export function foreignBytes(name: string): string {
  return `bytes that are no ${name} data follow the compressed capture; they were left out`;
}
