import { type Der, OID } from "../asn1/der.ts";

/** Names of the mechanisms that Negotiate carries, by OID (RFC 4178, RFC 4121, MS-SPNG 3.1.5; the IAKERB draft). */
export const mechanisms: Readonly<Record<string, string>> = Object.freeze({
  "1.3.6.1.5.5.2": "SPNEGO",
  "1.2.840.113554.1.2.2": "KRB5",
  "1.2.840.48018.1.2.2": "MS-KRB5",
  "1.2.840.113554.1.2.2.3": "KRB5-U2U",
  "1.3.6.1.5.2.5": "IAKERB",
  "1.3.6.1.4.1.311.2.2.10": "NTLMSSP",
  "1.3.6.1.4.1.311.2.2.30": "NEGOEX",
});

/** The name of the mechanism whose OID comes next, or the OID in dots. */
export function mechanism(der: Der): string {
  const dotted = dots(der.octets(OID, "mechanism"));
  return mechanisms[dotted] ?? dotted;
}

/** X.690 8.19: base 128, the first two arcs in one number. Arcs beyond 2⁵³ lose their last digits, as doubles do. */
export function dots(octets: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of octets) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length === 0) arcs.push(Math.min(Math.floor(arc / 40), 2), arc - 40 * Math.min(Math.floor(arc / 40), 2));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join(".");
}
