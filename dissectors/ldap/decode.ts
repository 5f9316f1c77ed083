import { Malformed } from "../../src/bytes/malformed.ts";
import { Ber, ENUMERATED, OCTET_STRING, SEQUENCE, SET } from "./ber.ts";
import type { CldapEntry, CldapMessage } from "./message.ts";
import { type Netlogon, noNetlogon, readNetlogon } from "./netlogon.ts";
import { readSearch } from "./search.ts";

const SEARCH_REQUEST = 0x63;
const SEARCH_RESULT_ENTRY = 0x64;
const SEARCH_RESULT_DONE = 0x65;

/** The searches and their results in one datagram; other operations have no place in LDAP over UDP and are left out. */
export function decodeCldap(bytes: Uint8Array): readonly CldapMessage[] {
  const datagram = new Ber(bytes);
  const messages: CldapMessage[] = [];
  do {
    const message = readMessage(datagram.element("LDAPMessage", SEQUENCE));
    if (message !== null) messages.push(message);
  } while (datagram.tag() === SEQUENCE);
  return messages;
}

/** RFC 4511 4.1.1  LDAPMessage ::= SEQUENCE { messageID, protocolOp, controls OPTIONAL }; RFC 1798 put a user between. */
function readMessage(message: Ber): CldapMessage | null {
  const messageId = message.number("messageID");
  if (message.tag() === OCTET_STRING) message.skip("user");
  const tag = message.tag();
  if (!isApplication(tag)) throw new Malformed("protocolOp of another type", message.at);
  const operation = message.element("protocolOp");
  switch (tag) {
    case SEARCH_REQUEST:
      return readSearch(operation, messageId);
    case SEARCH_RESULT_ENTRY:
      return readEntry(operation, messageId);
    case SEARCH_RESULT_DONE:
      return { protocol: "cldap", kind: "done", messageId, resultCode: operation.number("resultCode", ENUMERATED) };
    default:
      return null;
  }
}

function isApplication(tag: number): boolean {
  return tag >= 0 && (tag & 0xc0) === 0x40;
}

/** RFC 4511 4.5.2  SearchResultEntry ::= [APPLICATION 4] SEQUENCE { objectName, attributes } */
function readEntry(entry: Ber, messageId: number): CldapEntry {
  entry.skip("objectName", OCTET_STRING);
  const attributes = entry.element("attributes", SEQUENCE);
  let netlogon: Netlogon = noNetlogon;
  while (attributes.more()) {
    const attribute = attributes.element("attribute", SEQUENCE);
    if (attribute.text("attribute type").toLowerCase() !== "netlogon") continue;
    const values = attribute.element("attribute values", SET);
    if (values.more()) netlogon = readNetlogon(values.octets("netlogon"));
  }
  // Field by field, as spreading is slow.
  return {
    protocol: "cldap",
    kind: "entry",
    messageId,
    opcode: netlogon.opcode,
    flags: netlogon.flags,
    forest: netlogon.forest,
    domain: netlogon.domain,
    dc: netlogon.dc,
    netbiosDomain: netlogon.netbiosDomain,
    netbiosDc: netlogon.netbiosDc,
    user: netlogon.user,
    dcSite: netlogon.dcSite,
    clientSite: netlogon.clientSite,
  };
}
