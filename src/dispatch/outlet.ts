import type { Decoded, Fingerprint } from "../../dissectors/dissector.ts";
import type { Message } from "../../dissectors/registry.ts";
import { decodeToken } from "../../dissectors/spnego/gss.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { Observation } from "../model/observation.ts";
import type { ProblemSink } from "../model/problem.ts";
import { type Place, Sighting } from "./sighting.ts";

/** As much of a dissector as is needed to decode. */
export interface Decoder {
  readonly protocol: string;
  decode(bytes: Uint8Array, fingerprint: Fingerprint, cut?: boolean): readonly Decoded<Message>[];
}

const NO_TOKENS: readonly Uint8Array[] = [];
const NO_MESSAGES: readonly Message[] = [];

/** The way out of this room; here and nowhere else `Malformed` is caught. */
export class Outlet {
  private readonly sink: (observation: Observation) => void;
  private readonly problems: ProblemSink;
  private readonly fingerprint: Fingerprint;

  constructor(sink: (observation: Observation) => void, problems: ProblemSink, fingerprint: Fingerprint) {
    this.sink = sink;
    this.problems = problems;
    this.fingerprint = fingerprint;
  }

  /** What `read` returns of `bytes[start, end)`, or the way in which they were malformed. */
  attempt<T>(
    read: (bytes: Uint8Array, start: number, end: number) => T,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): T | Malformed {
    try {
      return read(bytes, start, end);
    } catch (error) {
      if (error instanceof Malformed) return error;
      throw error;
    }
  }

  decode(decoder: Decoder, bytes: Uint8Array, cut = false): readonly Decoded<Message>[] | Malformed {
    try {
      return decoder.decode(bytes, this.fingerprint, cut);
    } catch (error) {
      if (error instanceof Malformed) return error;
      throw error;
    }
  }

  /** Tells a message with those in its tokens; a damaged token costs only itself. */
  emit({ message, inside = NO_TOKENS }: Decoded<Message>, place: Place): void {
    const messages = inside.length === 0 ? NO_MESSAGES : this.tokens(inside, message.protocol, place.frame);
    this.sink(new Sighting(place, message, messages));
  }

  problem(protocol: string, what: string, frame: number): void {
    this.problems({ text: `${protocol}: ${what}`, frame });
  }

  private tokens(inside: readonly Uint8Array[], protocol: string, frame: number): readonly Message[] {
    const first = inside[0];
    if (first !== undefined && inside.length === 1) return this.token(first, protocol, frame);
    return inside.flatMap((bytes) => this.token(bytes, protocol, frame));
  }

  private token(bytes: Uint8Array, protocol: string, frame: number): readonly Message[] {
    const token = decodeToken(bytes, this.fingerprint);
    if (token.damaged !== null) this.problem(`${protocol} token`, token.damaged, frame);
    return token.messages;
  }
}
