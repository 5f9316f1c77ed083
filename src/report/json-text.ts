/**
 * JSON of a value, with the characters escaped that a terminal would obey or that turn text around: JSON itself lets
 * C1 controls and bidi overrides through. The value stays the same.
 */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? "null";
  return HARMLESS.test(text) ? text : text.replace(OBEYED, escaped);
}

const HARMLESS = /^[\n\x20-\x7e]*$/;
const OBEYED = /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
