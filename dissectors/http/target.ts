import { textOf } from "../../src/bytes/text.ts";
import { shortened, shortText } from "./characters.ts";

const SLASH = 0x2f;
const USER_INFO = /^([A-Za-z][A-Za-z0-9+.-]*:)?\/\/[^/]*@/;

/** A request target or Location without what may be secret: query string, fragment, name and password. */
export function withoutSecrets(bytes: Uint8Array, start: number, end: number): string {
  let stop = start;
  while (stop < end && bytes[stop] !== 0x3f && bytes[stop] !== 0x23) stop += 1;
  const isPath = bytes[start] === SLASH && bytes[start + 1] !== SLASH;
  if (isPath) return shortText(bytes, start, stop);
  return shortened(textOf(bytes, start, stop).trim().replace(USER_INFO, "$1//"));
}
