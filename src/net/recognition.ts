import type { Recognition, StreamProtocol } from "../model/packet.ts";
import type { Half } from "./halves.ts";
import type { Bounds, Packet } from "./packet.ts";
import type { Stream } from "./records.ts";
import type { Segment } from "./segment.ts";
import type { NetSink } from "./sink.ts";
import type { Span } from "./spans.ts";
import type { Assembler } from "./streams.ts";

/** More first bytes than this are never shown to a recogniser that cannot make up its mind. */
const ENOUGH = 512;

/** A protocol, the side whose bytes told it, and whether that side is the client. */
export interface Found {
  readonly protocol: StreamProtocol;
  readonly senderIsClient: boolean | null;
  readonly side: 0 | 1;
}

/**
 * What looking led to: a protocol; `wait` for more bytes; `no`: these bytes are nobody's; `cut`: a snap length cut them
 * before they said whose they are.
 */
export type Look = Found | "wait" | "no" | "cut";

/** Shows the first bytes of a connection to those who may want it, and keeps them until somebody says yes or no. */
export class Recogniser {
  readonly #sink: NetSink;
  readonly #bounds: Bounds;
  readonly #assembler: Assembler;
  readonly #packet: Packet;

  constructor(sink: NetSink, bounds: Bounds, assembler: Assembler, packet: Packet) {
    this.#sink = sink;
    this.#bounds = bounds;
    this.#assembler = assembler;
    this.#packet = packet;
  }

  /** Asks about the segment by itself. */
  ask(segment: Segment): Look {
    const { bytes } = this.#packet;
    const { start, captured, sport, dport, side } = segment;
    if (captured === 0) return segment.length === 0 ? "wait" : "cut";
    const answer = this.#sink.recognise(bytes, start, start + captured, sport, dport);
    return answer === null ? undecided(captured, captured < segment.length) : lookOf(answer, side);
  }

  /** Adds the segment to the bytes held of its side and asks again. */
  collect(stream: Stream, segment: Segment, startIsKnown: boolean): Look {
    const fits = this.keep(stream, segment, startIsKnown);
    const half = stream.halves[segment.side];
    const look = half.held[0]?.at === 0 ? this.#askHeld(half, segment) : "wait";
    return look === "wait" && !fits ? this.giveUp(stream, segment.sport, segment.dport, segment.side) : look;
  }

  /** Adds the segment to the bytes held of its side; false when there is no room for more. */
  keep(stream: Stream, segment: Segment, startIsKnown: boolean): boolean {
    const half = stream.halves[segment.side];
    if (!startIsKnown && !continues(half, segment)) {
      this.#assembler.drop(half);
      half.startAt(segment.seq);
    }
    const at = half.place(segment.seq);
    const end = at + segment.length;
    if (at < 0) return true;
    half.measure(at, end);
    return this.#assembler.hold(half, segment, at, end);
  }

  /** The start of `side` will not come: looks for a known protocol at the start of every held segment. */
  giveUp(stream: Stream, sport: number, dport: number, side: 0 | 1): Look {
    const half = stream.halves[side];
    let isCut = false;
    for (const span of half.held.slice(0, this.#bounds.recognitionTries)) {
      const answer = this.#sink.recognise(span.bytes, 0, span.bytes.length, sport, dport);
      isCut ||= answer === null && isCutShort(span);
      if (answer === null || answer.protocol === null) continue;
      this.#assembler.drop(half, span.at);
      return lookOf(answer, side);
    }
    return isCut ? "cut" : "no";
  }

  #askHeld(half: Half, segment: Segment): Look {
    const { bytes, isCut } = prefixOf(half.held);
    const answer = this.#sink.recognise(bytes, 0, bytes.length, segment.sport, segment.dport);
    return answer === null ? undecided(bytes.length, isCut) : lookOf(answer, segment.side);
  }
}

/** Nobody could make up their mind on so many bytes. */
function undecided(length: number, isCut: boolean): Look {
  if (length >= ENOUGH) return "no";
  return isCut ? "cut" : "wait";
}

function lookOf(answer: Recognition, side: 0 | 1): Look {
  if (answer.protocol === null) return "no";
  return { protocol: answer.protocol, senderIsClient: answer.senderIsClient, side };
}

function continues(half: Half, segment: Segment): boolean {
  return half.isKnown && half.held.length > 0 && half.place(segment.seq) === half.held.at(-1)?.end;
}

function isCutShort({ bytes, at, end }: Span): boolean {
  return bytes.length < end - at;
}

/** The held bytes from offset 0 up to the first hole, or `ENOUGH` of them. */
function prefixOf(held: readonly Span[]): { readonly bytes: Uint8Array; readonly isCut: boolean } {
  const bytes = new Uint8Array(ENOUGH);
  let length = 0;
  let isCut = false;
  for (const span of held) {
    if (span.at !== length || isCut || length === ENOUGH) break;
    const part = span.bytes.subarray(0, ENOUGH - length);
    bytes.set(part, length);
    length += part.length;
    isCut = isCutShort(span);
  }
  return { bytes: bytes.subarray(0, length), isCut };
}
