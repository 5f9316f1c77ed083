import { type Ber, ENUMERATED } from "./ber.ts";

export interface Result {
  readonly resultCode: number;
  readonly diagnostic: string;
  readonly errorCode: number | null;
  readonly data: number | null;
  /** Bytes of matchedDN, where Sicily puts its challenge (MS-ADTS 5.1.1.1.3). */
  readonly matched: Uint8Array;
}

/** RFC 4511 4.1.9  COMPONENTS OF LDAPResult: resultCode, matchedDN, diagnosticMessage; what follows stays unread. */
export function readResult(operation: Ber): Result {
  const resultCode = operation.number("resultCode", ENUMERATED);
  const matched = operation.octets("matchedDN");
  const diagnostic = operation.text("diagnosticMessage").replace(/\0+$/, "");
  return { resultCode, matched, diagnostic, ...codesOf(diagnostic) };
}

/** `80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data 52e, v3839`: both numbers are hex. */
function codesOf(diagnostic: string): Pick<Result, "errorCode" | "data"> {
  const [, error] = /^([0-9a-f]{8}):/i.exec(diagnostic) ?? [];
  const [, data] = /\bdata ([0-9a-f]{1,8})\b/i.exec(diagnostic) ?? [];
  return { errorCode: hex(error), data: hex(data) };
}

const hex = (digits: string | undefined): number | null => (digits === undefined ? null : Number.parseInt(digits, 16));
