import { type Auth, authOf, carriesToken } from "./token.ts";

const SCHEME_ALONE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const SCHEME_AND_REST = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(.*)$/;
const PARAMETER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*=[ \t]*[^=\s]/;

/**
 * The challenges of one WWW-Authenticate or Proxy-Authenticate value, RFC 9110 11.6.1: commas separate challenges and
 * also the parameters of one, so each part is looked at: a parameter belongs to the challenge before it.
 */
export function readChallenges(value: string): readonly Auth[] {
  const challenges: Auth[] = [];
  for (const part of splitOutsideQuotes(value)) {
    if (part === "") continue;
    if (SCHEME_ALONE.test(part)) {
      challenges.push(authOf(part, ""));
      continue;
    }
    if (challenges.length > 0 && PARAMETER.test(part)) continue;
    const [, scheme, rest] = SCHEME_AND_REST.exec(part) ?? [];
    if (scheme !== undefined && rest !== undefined) challenges.push(challengeOf(scheme, rest));
  }
  return challenges;
}

function challengeOf(scheme: string, rest: string): Auth {
  return carriesToken(scheme) && !PARAMETER.test(rest) ? authOf(scheme, unfolded(rest)) : authOf(scheme, "");
}

/** The credentials of Authorization or Proxy-Authorization, RFC 9110 11.6.2. */
export function readCredentials(value: string): Auth | null {
  if (value === "") return null;
  const [, scheme, rest] = SCHEME_AND_REST.exec(value) ?? [];
  if (scheme === undefined || rest === undefined) return SCHEME_ALONE.test(value) ? authOf(value, "") : null;
  return authOf(scheme, carriesToken(scheme) ? unfolded(rest) : rest);
}

/** Old software folds long tokens; a token itself holds no blanks. */
function unfolded(token: string): string {
  return token.replace(/\s+/g, "");
}

function splitOutsideQuotes(value: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at];
    if (character === "\\" && quoted) at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === "," && !quoted) {
      parts.push(value.slice(start, at).trim());
      start = at + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts;
}
