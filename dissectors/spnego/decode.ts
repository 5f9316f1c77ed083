import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { BIT_STRING, context, Der, OCTET_STRING, SEQUENCE } from "../asn1/der.ts";
import { Remembered } from "../asn1/remembered.ts";
import type { Decoded } from "../dissector.ts";
import type { NegState, NegTokenInit, NegTokenResp, SpnegoMessage } from "./message.ts";
import { mechanism } from "./oid.ts";

/** InitialContextToken ::= [APPLICATION 0] SEQUENCE { thisMech OID, innerContextToken } (RFC 2743 3.1). */
const INITIAL = 0x60;
const INIT = context(0);
const RESP = context(1);
const STATES: readonly NegState[] = ["accept-completed", "accept-incomplete", "reject", "request-mic"];

/** A NegotiationToken, bare or inside an InitialContextToken; the mechanism's own token is `inside` (RFC 4178 4.2). */
export function spnegoToken(bytes: Uint8Array): Decoded<SpnegoMessage> {
  const der = new Der(bytes);
  if (der.next(INITIAL)) {
    der.enter(INITIAL, "InitialContextToken");
    if (mechanism(der) !== "SPNEGO") throw new Malformed("the mechanism is not SPNEGO", 0);
  }
  if (der.next(INIT)) return negTokenInit(der);
  if (der.next(RESP)) return negTokenResp(der);
  throw new Malformed("no NegotiationToken", der.at);
}

/**
 * NegTokenInit ::= SEQUENCE { mechTypes [0], reqFlags [1] OPTIONAL, mechToken [2] OPTIONAL, mechListMIC [3] OPTIONAL }
 * (RFC 4178 4.2.1); in NegTokenInit2 negHints is [3] and the MIC [4] (MS-SPNG 2.2.1).
 */
function negTokenInit(der: Der): Decoded<NegTokenInit> {
  der.enter(INIT, "NegTokenInit");
  der.enter(SEQUENCE, "NegTokenInit");
  const mechTypes = der.next(context(0)) ? mechTypeList(der) : NO_MECHANISMS;
  if (der.next(context(1))) reqFlags(der);
  const token = octetsField(der, 2, "mechToken");
  const hasHints = negHints(der);
  const mic = octetsField(der, 3, "mechListMIC") ?? octetsField(der, 4, "mechListMIC");
  const hasToken = token !== null;
  const message: NegTokenInit = {
    protocol: "spnego",
    kind: "NegTokenInit",
    mechTypes,
    hasToken,
    hasMic: mic !== null,
    hasHints,
  };
  return token === null ? { message } : { message, inside: [token] };
}

const NO_MECHANISMS: readonly string[] = [];
/** Clients of a kind offer the same mechanisms. */
const offers = new Remembered(limits.sharedLists, 1, mechanisms);

function mechTypeList(der: Der): readonly string[] {
  const outer = der.enter(context(0), "mechTypes");
  const mechTypes = offers.read(der);
  der.leave(outer);
  return mechTypes;
}

function mechanisms(der: Der): readonly string[] {
  const outer = der.enter(SEQUENCE, "mechTypes");
  const names: string[] = [];
  while (der.more()) names.push(mechanism(der));
  der.leave(outer);
  return names.slice();
}

function reqFlags(der: Der): void {
  der.stepField(1, BIT_STRING, "reqFlags");
}

/** Steps over negHints where [3] holds a SEQUENCE, which a MIC is not. */
function negHints(der: Der): boolean {
  if (!der.next(context(3))) return false;
  const found = der.attempt(isSequence, 3) ?? false;
  if (found) der.skip("negHints");
  return found;
}

function isSequence(der: Der, tag: number): boolean {
  der.enter(context(tag), "negHints");
  return der.next(SEQUENCE);
}

/**
 * NegTokenResp ::= SEQUENCE { negState [0] ENUMERATED OPTIONAL, supportedMech [1] OPTIONAL, responseToken [2] OPTIONAL,
 * mechListMIC [3] OPTIONAL } (RFC 4178 4.2.2).
 */
function negTokenResp(der: Der): Decoded<NegTokenResp> {
  der.enter(RESP, "NegTokenResp");
  der.enter(SEQUENCE, "NegTokenResp");
  const state = der.next(context(0)) ? negState(der) : null;
  const mech = der.next(context(1)) ? supportedMech(der) : null;
  const token = octetsField(der, 2, "responseToken");
  const mic = octetsField(der, 3, "mechListMIC");
  const message: NegTokenResp = {
    protocol: "spnego",
    kind: "NegTokenResp",
    negState: state,
    supportedMech: mech,
    hasToken: token !== null,
    hasMic: mic !== null,
  };
  return token === null ? { message } : { message, inside: [token] };
}

function negState(der: Der): NegState {
  const outer = der.enter(context(0), "negState");
  const state = STATES[der.enumerated("negState")];
  if (state === undefined) throw new Malformed("negState is none of four", der.at);
  der.leave(outer);
  return state;
}

function supportedMech(der: Der): string {
  const outer = der.enter(context(1), "supportedMech");
  const mech = mechanism(der);
  der.leave(outer);
  return mech;
}

/** `[tag] OCTET STRING` as a view; null where it is not there. */
function octetsField(der: Der, tag: number, what: string): Uint8Array | null {
  if (!der.next(context(tag))) return null;
  der.stepField(tag, OCTET_STRING, what);
  return der.last();
}
