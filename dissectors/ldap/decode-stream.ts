import type { Decoded } from "../dissector.ts";
import { Ber, SEQUENCE } from "./ber.ts";
import { readBindRequest, readBindResponse } from "./bind.ts";
import type { LdapExtendedRequest, LdapExtendedResponse, LdapMessage, LdapSearchDone } from "./message.ts";
import { operations } from "./operations.ts";
import { readResult } from "./result.ts";
import { readRootEntry } from "./root-entry.ts";

const REQUEST_NAME = 0x80;
const RESPONSE_NAME = 0x8a;

/** One LDAPMessage of a stream (RFC 4511 4.1.1); operations that are no part of a log-on give nothing. */
export function decodeLdap(bytes: Uint8Array): readonly Decoded<LdapMessage>[] {
  const message = new Ber(bytes).element("LDAPMessage", SEQUENCE);
  const messageId = message.number("messageID");
  const tag = message.tag();
  const operation = message.element("protocolOp");
  switch (tag) {
    case operations.bindRequest:
      return [readBindRequest(operation, messageId)];
    case operations.bindResponse:
      return [readBindResponse(operation, messageId)];
    default: {
      const other = readOther(tag, operation, messageId);
      return other === null ? [] : [{ message: other }];
    }
  }
}

function readOther(tag: number, operation: Ber, messageId: number): LdapMessage | null {
  switch (tag) {
    case operations.unbindRequest:
      return { protocol: "ldap", kind: "unbind-request", messageId };
    case operations.searchRequest:
      return { protocol: "ldap", kind: "search-request", messageId, base: operation.text("baseObject") };
    case operations.searchResultEntry:
      return readRootEntry(operation, messageId);
    case operations.searchResultDone:
      return readDone(operation, messageId);
    case operations.extendedRequest:
      return readExtendedRequest(operation, messageId);
    case operations.extendedResponse:
      return readExtendedResponse(operation, messageId);
    default:
      return null;
  }
}

function readDone(operation: Ber, messageId: number): LdapSearchDone {
  const { matched: _, ...result } = readResult(operation);
  return { protocol: "ldap", kind: "search-done", messageId, ...result };
}

/** RFC 4511 4.12  ExtendedRequest ::= [APPLICATION 23] SEQUENCE { requestName [0], requestValue [1] OPTIONAL } */
function readExtendedRequest(operation: Ber, messageId: number): LdapExtendedRequest {
  const name = operation.element("requestName", REQUEST_NAME).ownText();
  return { protocol: "ldap", kind: "extended-request", messageId, name };
}

/** RFC 4511 4.12  ExtendedResponse ::= [APPLICATION 24] SEQUENCE { COMPONENTS OF LDAPResult, responseName [10], … } */
function readExtendedResponse(operation: Ber, messageId: number): LdapExtendedResponse {
  const { matched: _, ...result } = readResult(operation);
  let name: string | null = null;
  while (operation.more()) {
    const tag = operation.tag();
    const part = operation.element("responseName");
    if (tag === RESPONSE_NAME) name = part.ownText();
  }
  return { protocol: "ldap", kind: "extended-response", messageId, ...result, name };
}
