import { limits } from "../bytes/limits.ts";

/**
 * What a terminal would obey or hide: control and format characters (escape sequences, bidi overrides, zero-width
 * characters), lone surrogates, line separators, blanks other than the space, and letters that are drawn as nothing.
 * Asked for when it is needed: V8 takes half a millisecond to gather these characters, and most captures have none.
 */
const unseen = () => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs}/gu;
const ORDINARY = /^[\x20-\x7e]*$/;

/** Makes text from packets fit for a terminal: every character is seen and none is obeyed; long text is cut. */
export function clean(text: string): string {
  const short = text.length > limits.shownCharacters ? cut(text) : text;
  return ORDINARY.test(short) ? short : short.replace(unseen(), named);
}

function cut(text: string): string {
  const more = text.length - limits.shownCharacters;
  return `${text.slice(0, limits.shownCharacters)} … (${more} more characters)`;
}

function named(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
