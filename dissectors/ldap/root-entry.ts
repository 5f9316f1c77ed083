import { type Ber, OCTET_STRING, SEQUENCE, SET } from "./ber.ts";
import type { LdapRootEntry } from "./message.ts";

/** Attributes of the root DSE that say who the server is and how one may log on (RFC 4512 5.1, MS-ADTS 3.1.1.3.2). */
type Attributes = Pick<LdapRootEntry, "dnsHostName" | "currentTime"> & { readonly saslMechanisms: string[] };

/** RFC 4511 4.5.2  SearchResultEntry; null where it is not the root DSE, whose name is empty. */
export function readRootEntry(entry: Ber, messageId: number): LdapRootEntry | null {
  if (entry.element("objectName", OCTET_STRING).more()) return null;
  const attributes = entry.element("attributes", SEQUENCE);
  let found: Attributes = { saslMechanisms: [], dnsHostName: null, currentTime: null };
  while (attributes.more()) found = readAttribute(attributes.element("attribute", SEQUENCE), found);
  return { protocol: "ldap", kind: "root-entry", messageId, ...found };
}

function readAttribute(attribute: Ber, found: Attributes): Attributes {
  const type = attribute.text("attribute type").toLowerCase();
  const values = attribute.element("attribute values", SET);
  switch (type) {
    case "supportedsaslmechanisms":
      return { ...found, saslMechanisms: textsOf(values) };
    case "dnshostname":
      return { ...found, dnsHostName: textsOf(values)[0] ?? null };
    case "currenttime":
      return { ...found, currentTime: textsOf(values)[0] ?? null };
    default:
      return found;
  }
}

function textsOf(values: Ber): string[] {
  const texts: string[] = [];
  while (values.more()) texts.push(values.text("attribute value"));
  return texts;
}
