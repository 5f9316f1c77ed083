import { limits } from "../../src/bytes/limits.ts";

/** A request target or Location without what may be secret: query string, fragment, name and password. */
export function withoutSecrets(target: string): string {
  const path = target.replace(/[?#].*$/s, "");
  return shortened(path.replace(/^([A-Za-z][A-Za-z0-9+.-]*:)?\/\/[^/]*@/, "$1//"));
}

/** Field values are kept up to a bound: nobody needs more of a User-Agent. */
export function shortened(text: string): string {
  const most = limits.httpFieldCharacters;
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
