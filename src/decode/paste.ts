import { limits } from "../bytes/limits.ts";
import { base64 } from "./base64.ts";
import { hexDigits, hexDump } from "./hex.ts";

/** A character that is not of the encoding, and where it stands in what was pasted. */
export interface Stray {
  readonly at: number;
  readonly character: string;
}

/** Bytes read from text. */
export interface Unpacked {
  readonly encoding: "base64" | "base64url" | "hex" | "hex dump";
  readonly bytes: Uint8Array;
  /** For each byte the index of the character that begins it, and one more for the end. */
  readonly places: readonly number[];
  readonly strays: readonly Stray[];
}

/** A piece of pasted text that is to be a token. */
export interface Pasted {
  /** `Authorization: Negotiate`, as far as it was pasted along. */
  readonly title: string;
  /** Index of its first character. */
  readonly start: number;
  readonly text: string;
}

const SCHEME = /\b(negotiate|ntlm|kerberos)(?:[ \t]+|[ \t]*\r?\n[ \t]+|[ \t]*(?=[\r\n,"']|$))/gi;
const HEADER = /(?:proxy-)?(?:authorization|www-authenticate|authenticate)[ \t]*:[ \t]*[^\r\n]*$/i;
/** Where a token of a header ends: at the next field, at a comma, at an empty line, at a quote. */
const TOKEN_END = /[,"']|\r?\n[<>*\s]*[A-Za-z][A-Za-z-]*[ \t]*:|\r?\n[ \t<>]*\r?\n/;

/** The tokens in a pasted text: those behind the names of schemes, or all of it where there is no such name. */
export function tokensOf(text: string): Pasted[] {
  const marks = [...text.matchAll(SCHEME)].filter((mark) => isScheme(text, mark.index));
  if (marks.length === 0) return [{ title: "", start: 0, text }];
  return marks.slice(0, limits.decodedTokens).map((mark, index) => {
    const start = mark.index + mark[0].length;
    const rest = text.slice(start, marks[index + 1]?.index ?? text.length);
    const end = TOKEN_END.exec(rest)?.index ?? rest.length;
    return { title: titleOf(text, mark.index, mark[1] ?? ""), start, text: rest.slice(0, end) };
  });
}

/** A scheme stands at the beginning, behind the name of its field, or behind another challenge; not in a token. */
function isScheme(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 200), at);
  return /(^|[\r\n:,'"])[ \t<>]*$/.test(before);
}

function titleOf(text: string, at: number, scheme: string): string {
  const line = HEADER.exec(text.slice(Math.max(0, at - 200), at))?.[0] ?? "";
  const name = line.slice(0, Math.max(0, line.indexOf(":"))).trim();
  return name === "" ? scheme : `${name}: ${scheme}`;
}

/** Where a password would stand in the open: such text is not even looked at. */
export function isBasic(text: string): boolean {
  return /(^|[\r\n:,])[ \t<>]*(?:basic|digest|bearer)[ \t]+\S/i.test(text.slice(0, 4_096));
}

/** The bytes that a text encodes; null where it is neither hex nor base64 nor nearly so. */
export function unpack(pasted: Pasted): Unpacked | null {
  const { text, start } = pasted;
  const unpacked = hexDump(text) ?? hexDigits(text) ?? base64(text);
  if (unpacked === null) return null;
  const strays = unpacked.strays.map(({ at, character }) => ({ at: at + start, character }));
  return { ...unpacked, strays, places: unpacked.places.map((at) => at + start) };
}
