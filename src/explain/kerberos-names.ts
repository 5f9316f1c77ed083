import { errorNames } from "../../dissectors/kerberos/codes.ts";

/**
 * What the tables of RFC 4120, MIT, Heimdal and Microsoft put in front of one and the same name, longest first:
 * `KDC_ERR_PREAUTH_FAILED`, `KRB5KDC_ERR_PREAUTH_FAILED`, `KERB_ERR_PREAUTH_FAILED`.
 */
const PREFIX =
  /^(KRB5_?KDC_ERR_|KRB5_?KRB_AP_ERR_|KRB5_?KRB_AP_|KRB5_?KRB_ERR_|KRB5_?KDC_AP_|KRB5_ERR_|KRB5_|KDC_ERR(OR)?_|KRB_AP_ERR_|KRB_AP_|KRB_ERR(OR)?_|KRB_|KERB_AP_ERR_|KERB_ERR_|KERB_|AP_ERR_)/;

/** The part of an error's name that all spellings share: `PREAUTH_FAILED`; null where there is no prefix to take off. */
export function stemOf(name: string): string | null {
  const stem = name.replace(PREFIX, "");
  return stem === name || stem === "" ? null : stem;
}

/** Names that MIT's table has changed beside their prefix. */
const changed: Readonly<Record<number, string>> = {
  23: "KRB5KDC_ERR_KEY_EXP",
  93: "KRB5KDC_ERR_UNKNOWN_CRITICAL_FAST_OPTION",
};

/** Spellings of Microsoft's, Heimdal's and Wireshark's tables that differ in more than the prefix. */
export const otherSpellings: Readonly<Record<number, readonly string[]>> = {
  14: ["KDC_ERR_ETYPE_NOTSUPP"],
  17: ["KDC_ERR_TRTYPE_NO_SUPP"],
  51: ["KRB5KDC_AP_PATH_NOT_ACCEPTED"],
  62: ["KDC_ERROR_CLIENT_NOT_TRUSTED"],
  63: ["KDC_ERROR_KDC_NOT_TRUSTED"],
  64: ["KDC_ERROR_INVALID_SIG"],
  65: ["KDC_ERR_KEY_TOO_WEAK"],
  94: ["KRB5_KDC_ERR_INVALID_HASH_ALG"],
  95: ["KRB5_KDC_ERR_INVALID_ITERATION_COUNT"],
};

/** How MIT's library spells a code: the prefix says whether KDC or service speaks; unassigned ones are placeholders. */
export function mitSpellings(code: number): string[] {
  const name = errorNames[code];
  if (name === undefined) return [`KRB5PLACEHOLD_${code}`];
  const own = name.startsWith("KDC_") ? `KRB5${name}` : `KRB5KRB_${name.replace(/^KRB_/, "")}`;
  return changed[code] === undefined ? [own] : [changed[code], own];
}
