import type { Field, Type } from "../asn1/schema.ts";
import { mechanisms } from "./oid.ts";

/** Field names and types of RFC 4178 4.2 and MS-SPNG 2.2.1, for those who show a token element by element. */

const field = (tag: number, name: string, type: Type): Field => ({ tag, name, type, optional: true });

export const mechanismType: Type = { kind: "oid", names: mechanisms };
const token: Type = { kind: "token" };
const mic: Type = { kind: "hidden", as: "OCTET STRING" };
const contextFlags: Type = { kind: "hidden", as: "BIT STRING" };
const mechTypes = field(0, "mechTypes", { kind: "list", item: "MechType", of: mechanismType });
const states: Readonly<Record<number, string>> = {
  0: "accept-completed",
  1: "accept-incomplete",
  2: "reject",
  3: "request-mic",
};

const hints: Type = {
  kind: "sequence",
  name: "NegHints",
  fields: [field(0, "hintName", { kind: "text" }), field(1, "hintAddress", mic)],
};

const init: Type = {
  kind: "sequence",
  name: "NegTokenInit",
  fields: [mechTypes, field(1, "reqFlags", contextFlags), field(2, "mechToken", token), field(3, "mechListMIC", mic)],
};

/** The server's opening of MS-SPNG: hints where others have the MIC. */
const init2: Type = {
  kind: "sequence",
  name: "NegTokenInit2",
  fields: [
    mechTypes,
    field(1, "reqFlags", contextFlags),
    field(2, "mechToken", token),
    field(3, "negHints", hints),
    field(4, "mechListMIC", mic),
  ],
};

const resp: Type = {
  kind: "sequence",
  name: "NegTokenResp",
  fields: [
    field(0, "negState", { kind: "enumerated", meaning: (value) => states[value] ?? null }),
    field(1, "supportedMech", mechanismType),
    field(2, "responseToken", token),
    field(3, "mechListMIC", mic),
  ],
};

/** NegotiationToken ::= CHOICE { negTokenInit [0], negTokenResp [1] }; `hasHints`: [3] holds a SEQUENCE. */
export function negotiationToken(hasHints: boolean): Type {
  return {
    kind: "choice",
    name: "NegotiationToken",
    fields: [
      field(0, hasHints ? "NegTokenInit2" : "NegTokenInit", hasHints ? init2 : init),
      field(1, "NegTokenResp", resp),
    ],
  };
}
