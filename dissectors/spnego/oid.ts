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
  der.step(OID, "mechanism");
  for (const { name, oid } of known) if (isLast(der, oid)) return name;
  return dots(der.last());
}

const known = Object.entries(mechanisms).map(([dotted, name]) => ({ name, oid: octetsOf(dotted) }));

/** Whether these are the contents of what was read last. */
function isLast({ bytes, from, to }: Der, oid: Uint8Array): boolean {
  if (to - from !== oid.length) return false;
  for (let at = 0; at < oid.length; at++) if (bytes[from + at] !== oid[at]) return false;
  return true;
}

/** The octets of an OID in dots, the opposite of `dots`. */
function octetsOf(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...arcs] = dotted.split(".").map(Number);
  return Uint8Array.from([first * 40 + second, ...arcs].flatMap(baseOf128));
}

function baseOf128(arc: number): number[] {
  const octets = [arc & 0x7f];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift((rest & 0x7f) | 0x80);
  return octets;
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
