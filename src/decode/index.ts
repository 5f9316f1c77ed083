import type { Fault } from "../../dissectors/asn1/survey.ts";
import type { Fingerprint } from "../../dissectors/dissector.ts";
import { limits } from "../bytes/limits.ts";
import { announcedEnd, cutOf } from "./cut.ts";
import type { Element } from "./element.ts";
import { confusedLetter } from "./lookalike.ts";
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
  /** A letter that may have been misread. */
  readonly hint?: string;
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
  const found = tokensOf(text);
  if (found.every(({ title }) => title === "") && isBasic(text))
    return nothing("Basic, Digest and Bearer credentials are secrets as they stand; they are not decoded");
  const tokens: DecodedToken[] = [];
  const problems: DecodeProblem[] = [];
  for (const pasted of found) {
    const unpacked = pasted.text.trim() === "" ? null : unpack(pasted);
    const token = unpacked === null ? null : fromText(text, pasted, unpacked, fingerprint);
    if (token === null) problems.push(noToken(text, pasted));
    else if (token.elements.every(({ name }) => name === "unknown")) problems.push(unknown(token));
    else tokens.push(token);
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

/** What can be unpacked and is no token at all. */
function unknown({ title, encoding, bytes, problems }: DecodedToken): DecodeProblem {
  const why = problems.at(-1) ?? { text: "" };
  return { ...why, text: `${title === "" ? "" : `${title}: `}${bytes} bytes of ${encoding}, but ${why.text}` };
}

function fromText(text: string, pasted: Pasted, unpacked: Unpacked, fingerprint: Fingerprint): DecodedToken {
  const { bytes, encoding, places } = unpacked;
  const locate = ({ at, wanted }: Fault) => {
    const place = placeOf(text, places[Math.min(at, bytes.length)] ?? 0);
    const isBase64 = encoding === "base64" || encoding === "base64url";
    const hint =
      isBase64 && wanted !== undefined ? confusedLetter(text, place.character - 1, (at * 8) % 6, wanted) : null;
    return hint === null ? place : { ...place, hint };
  };
  const token = decodeBytes(bytes, fingerprint, pasted.title, locate);
  return { ...token, encoding, problems: [...strayProblems(text, unpacked), ...token.problems] };
}

function strayProblems(text: string, { strays, encoding }: Unpacked): DecodeProblem[] {
  const told = strays.slice(0, limits.decodedFaults);
  const problems: DecodeProblem[] = told.map(({ at, character }) => ({
    text: `the character ${JSON.stringify(character)} is no ${encoding}`,
    ...placeOf(text, at),
  }));
  const more = strays.length - told.length;
  return more > 0 ? [...problems, { text: `${more} more characters are no ${encoding}` }] : problems;
}

function placeOf(text: string, at: number) {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { character: at + 1, line: before.split("\n").length, column: at - lineStart + 1 };
}

/** One token as its bytes; `locate` adds to a problem where its byte stands in what was pasted. */
export function decodeBytes(
  bytes: Uint8Array,
  fingerprint: Fingerprint,
  title: string,
  locate: (fault: Fault) => Partial<DecodeProblem> = () => ({}),
): DecodedToken {
  const reading = new Reading(bytes, fingerprint);
  const elements = readToken(reading, 0, announcedEnd(bytes));
  const faults = [...reading.faults].sort((a, b) => a.at - b.at);
  const cut = cutOf(elements, bytes.length);
  const problems = (cut === null ? faults : [...faults, cut]).map((fault) => ({
    text: fault.text,
    offset: fault.at,
    ...locate(fault),
  }));
  return { title, encoding: null, bytes: bytes.length, elements, problems };
}
