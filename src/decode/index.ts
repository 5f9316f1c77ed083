import type { Fingerprint } from "../../dissectors/dissector.ts";
import { limits } from "../bytes/limits.ts";
import { announcedEnd, cutOf } from "./cut.ts";
import type { Element } from "./element.ts";
import { isBasic, type Pasted, tokensOf, type Unpacked, unpack } from "./paste.ts";
import { Reading } from "./reading.ts";
import { readToken } from "./token.ts";

export type { Element } from "./element.ts";
export { type FrameTokens, tokensOfFrame } from "./frame.ts";
export { decodingJson } from "./json.ts";
export { decodingText } from "./text.ts";

/** What is wrong with a token, or why there is none. */
export interface DecodeProblem {
  readonly text: string;
  /** In the bytes of the token. */
  readonly offset?: number;
  /** In the pasted text, counted from 1, as are line and column. */
  readonly character?: number;
  readonly line?: number;
  readonly column?: number;
}

/** One token, as a tree. */
export interface DecodedToken {
  /** Where it was found: `Authorization: Negotiate`, or a message of a frame. */
  readonly title: string;
  readonly encoding: Unpacked["encoding"] | null;
  readonly bytes: number;
  readonly elements: readonly Element[];
  readonly problems: readonly DecodeProblem[];
}

export interface Decoding {
  readonly tokens: readonly DecodedToken[];
  /** About what holds no token at all. */
  readonly problems: readonly DecodeProblem[];
}

/** Everything in a pasted text that is a token: see `kflow decode --help` for what may be pasted. Never throws. */
export function decodePaste(text: string, fingerprint: Fingerprint): Decoding {
  if (text.trim() === "") return nothing("there is nothing to decode");
  if (text.length > limits.pastedCharacters) {
    return nothing(`more than ${limits.pastedCharacters} characters; no token is that long`);
  }
  if (isBasic(text))
    return nothing("Basic, Digest and Bearer credentials are secrets as they stand; they are not decoded");
  const tokens: DecodedToken[] = [];
  const problems: DecodeProblem[] = [];
  for (const pasted of tokensOf(text)) {
    const unpacked = pasted.text.trim() === "" ? null : unpack(pasted);
    if (unpacked !== null) tokens.push(fromText(text, pasted, unpacked, fingerprint));
    else problems.push(noToken(text, pasted));
  }
  return { tokens, problems };
}

function nothing(text: string): Decoding {
  return { tokens: [], problems: [{ text }] };
}

function noToken(text: string, { title, start, text: piece }: Pasted): DecodeProblem {
  if (piece.trim() === "") return { text: `${title} stands alone, without a token`, ...placeOf(text, start) };
  return { text: "this is neither base64 nor hex", ...placeOf(text, start + piece.search(/\S/)) };
}

function fromText(text: string, pasted: Pasted, unpacked: Unpacked, fingerprint: Fingerprint): DecodedToken {
  const { bytes, encoding, places, strays } = unpacked;
  const token = decodeBytes(bytes, fingerprint, pasted.title);
  const wrong = strays.slice(0, limits.decodedFaults).map(({ at, character }) => ({
    text: `the character ${JSON.stringify(character)} is no ${encoding.replace("dump", "")}`.trimEnd(),
    ...placeOf(text, at),
  }));
  const more = strays.length - wrong.length;
  const rest = more > 0 ? [{ text: `${more} more characters are no ${encoding}` }] : [];
  const problems = token.problems.map((problem) => ({
    ...problem,
    ...(problem.offset === undefined ? {} : placeOf(text, places[Math.min(problem.offset, bytes.length)] ?? 0)),
  }));
  return { ...token, encoding, problems: [...wrong, ...rest, ...problems] };
}

function placeOf(text: string, at: number): Pick<DecodeProblem, "character" | "line" | "column"> {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { character: at + 1, line: before.split("\n").length, column: at - lineStart + 1 };
}

/** One token as its bytes. */
export function decodeBytes(bytes: Uint8Array, fingerprint: Fingerprint, title: string): DecodedToken {
  const reading = new Reading(bytes, fingerprint);
  const elements = readToken(reading, 0, announcedEnd(bytes));
  const problems = [...reading.faults].sort((a, b) => a.at - b.at).map(({ at, text }) => ({ text, offset: at }));
  const cut = cutOf(elements, bytes.length);
  return {
    title,
    encoding: null,
    bytes: bytes.length,
    elements,
    problems: cut === null ? problems : [...problems, cut],
  };
}
