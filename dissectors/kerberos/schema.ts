import type { Field, Meaning, Told, Type } from "../asn1/schema.ts";
import { ntStatusName } from "../erref/codes.ts";
import {
  apOptionNames,
  errorNames,
  etypeNames,
  flagNames,
  kdcOptionNames,
  nameTypes,
  pacOptionNames,
  padataName,
} from "./codes.ts";

/** Field names and types of RFC 4120 and its extensions, for those who show a message element by element. */

type Names = Readonly<Record<number, string>>;
const from =
  (names: Names): Meaning =>
  (value) =>
    names[value] ?? null;
const sequence = (name: string, ...fields: readonly Field[]): Type => ({ kind: "sequence", name, fields });
const list = (item: string, of: Type): Type => ({ kind: "list", item, of });
const field = (tag: number, name: string, type: Type): Field => ({ tag, name, type });
const optional = (tag: number, name: string, type: Type): Field => ({ tag, name, type, optional: true });
const holds = (type: Type): Type => ({ kind: "der", pick: () => type });

const int32: Type = { kind: "integer" };
const uint32: Type = { kind: "integer", unsigned: true };
const text: Type = { kind: "text" };
const time: Type = { kind: "time" };
const hidden: Type = { kind: "hidden", as: "OCTET STRING" };
const etype: Type = { kind: "integer", meaning: from(etypeNames) };
const etypes = list("etype", etype);
const pvno: Type = { kind: "integer", expected: 5 };
const flags = (names: Names): Type => ({ kind: "flags", names: (bits) => flagNames(bits, names) });

/** RFC 4120 5.2.2. */
const principal: Type = {
  kind: "sequence",
  name: "PrincipalName",
  fields: [
    field(0, "name-type", { kind: "integer", meaning: from(nameTypes) }),
    field(1, "name-string", list("KerberosString", text)),
  ],
  summary: "principal",
};

/** RFC 4120 5.2.9. */
const encrypted: Type = {
  kind: "sequence",
  name: "EncryptedData",
  fields: [
    field(0, "etype", etype),
    optional(1, "kvno", uint32),
    field(2, "cipher", { kind: "hidden", as: "OCTET STRING", fingerprint: true }),
  ],
  summary: "sealed",
};

/** RFC 3961 8, RFC 3962 7, RFC 8009 7; RFC 4757 (the negative one). */
const checksumTypes: Names = {
  7: "rsa-md5",
  12: "hmac-sha1-des3-kd",
  15: "hmac-sha1-96-aes128",
  16: "hmac-sha1-96-aes256",
  19: "hmac-sha256-128-aes128",
  20: "hmac-sha384-192-aes256",
  [-138]: "hmac-md5",
};

/** RFC 3961 4. */
const checksum = sequence(
  "Checksum",
  field(0, "cksumtype", { kind: "integer", meaning: from(checksumTypes) }),
  field(1, "checksum", hidden),
);

/** RFC 4120 5.3. */
export const ticket: Type = {
  kind: "application",
  number: 1,
  name: "Ticket",
  of: sequence(
    "Ticket",
    field(0, "tkt-vno", pvno),
    field(1, "realm", text),
    field(2, "sname", principal),
    field(3, "enc-part", encrypted),
  ),
};

const message = (number: number, name: string, ...fields: readonly Field[]): Type => ({
  kind: "application",
  number,
  name,
  of: sequence(name, ...fields),
});
const opening = (type: number, first = 0): readonly Field[] => [
  field(first, "pvno", pvno),
  field(first + 1, "msg-type", { kind: "integer", expected: type }),
];

/** RFC 4120 5.5.1. */
const apReq = message(
  14,
  "AP-REQ",
  ...opening(14),
  field(2, "ap-options", flags(apOptionNames)),
  field(3, "ticket", ticket),
  field(4, "authenticator", encrypted),
);

/** RFC 6113 5.4.1. */
const armor = sequence(
  "KrbFastArmor",
  field(0, "armor-type", { kind: "integer", meaning: from({ 1: "FX_FAST_ARMOR_AP_REQUEST" }) }),
  field(1, "armor-value", holds(apReq)),
);

/** RFC 6113 5.4.2 and 5.4.3: requests and replies are told apart by their fields. */
const fast: Type = {
  kind: "der",
  pick: (bytes) => (isFastReply(bytes) ? fastReply : fastRequest),
};
const fastRequest: Type = {
  kind: "choice",
  name: "PA-FX-FAST-REQUEST",
  fields: [
    field(
      0,
      "armored-data",
      sequence(
        "KrbFastArmoredReq",
        optional(0, "armor", armor),
        field(1, "req-checksum", checksum),
        field(2, "enc-fast-req", encrypted),
      ),
    ),
  ],
};
const fastReply: Type = {
  kind: "choice",
  name: "PA-FX-FAST-REPLY",
  fields: [field(0, "armored-data", sequence("KrbFastArmoredRep", field(0, "enc-fast-rep", encrypted)))],
};

/** In `[0] SEQUENCE { [0] SEQUENCE { [0] INTEGER, … } }`, a reply has nothing behind the inner [0]. */
function isFastReply(bytes: Uint8Array): boolean {
  const outer = contentsAt(bytes, 0);
  const body = contentsAt(bytes, outer);
  return bytes[body] === 0xa0 && body + elementLength(bytes, body) >= bytes.length;
}

function contentsAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1] ?? 0;
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
}

function elementLength(bytes: Uint8Array, at: number): number {
  const start = contentsAt(bytes, at);
  let length = start === at + 2 ? (bytes[at + 1] ?? 0) : 0;
  for (let i = at + 2; i < Math.min(start, at + 6); i++) length = length * 256 + (bytes[i] ?? 0);
  return start - at + length;
}

/** RFC 4120 5.2.7.4 and 5.2.7.5; a salt is a name, and public. */
const etypeInfo2: Type = {
  kind: "list",
  name: "ETYPE-INFO2",
  item: "ETYPE-INFO2-ENTRY",
  of: sequence(
    "ETYPE-INFO2-ENTRY",
    field(0, "etype", etype),
    optional(1, "salt", text),
    optional(2, "s2kparams", hidden),
  ),
};
const etypeInfo: Type = {
  kind: "list",
  name: "ETYPE-INFO",
  item: "ETYPE-INFO-ENTRY",
  of: sequence("ETYPE-INFO-ENTRY", field(0, "etype", etype), optional(1, "salt", { kind: "octets", read: asciiText })),
};

function asciiText(bytes: Uint8Array): Told | null {
  if (bytes.some((octet) => octet < 0x20 || octet > 0x7e)) return null;
  return { value: String.fromCharCode(...bytes.subarray(0, 256)) };
}

/** KERB-EXT-ERROR: status, reserved, flags, 32 bits each, little-endian (MS-KILE 2.2.1). */
function extendedError(bytes: Uint8Array): Told | null {
  if (bytes.length !== 12) return null;
  const status = new DataView(bytes.buffer, bytes.byteOffset, 12).getUint32(0, true);
  return { value: `0x${status.toString(16).padStart(8, "0")}`, note: ntStatusName(status) };
}

/** A salt, or in answers of Windows a KERB-EXT-ERROR, whose status has the severity of errors where no text has 0xc0. */
function saltOrStatus(bytes: Uint8Array): Told | null {
  return bytes.length === 12 && (bytes[3] ?? 0) >>> 4 === 0xc ? extendedError(bytes) : asciiText(bytes);
}

/** MS-SFU 2.2.1. */
const forUser = sequence(
  "PA-FOR-USER",
  field(0, "userName", principal),
  field(1, "userRealm", text),
  field(2, "cksum", checksum),
  field(3, "auth-package", text),
);

/** MS-SFU 2.2.2. */
const x509User = sequence(
  "PA-S4U-X509-USER",
  field(
    0,
    "user-id",
    sequence(
      "S4UUserID",
      field(0, "nonce", uint32),
      optional(1, "cname", principal),
      field(2, "crealm", text),
      optional(3, "subject-certificate", hidden),
      optional(4, "options", flags({ 1: "check-logon-hours", 2: "sign-reply-with-key-usage-27" })),
    ),
  ),
  field(1, "checksum", checksum),
);

/** MS-KILE 2.2.10. */
const pacOptions = sequence("PA-PAC-OPTIONS", field(0, "flags", flags(pacOptionNames)));
/** MS-KILE 2.2.3. */
const pacRequest = sequence("PA-PAC-REQUEST", field(0, "include-pac", { kind: "boolean" }));

/** What the values of padata hold; a type that is not here is counted and not shown. */
const padataTypes: Readonly<Record<number, Type>> = {
  1: holds(apReq),
  2: holds(encrypted),
  3: { kind: "octets", read: saltOrStatus },
  11: holds(etypeInfo),
  19: holds(etypeInfo2),
  128: holds(pacRequest),
  129: holds(forUser),
  130: holds(x509User),
  136: fast,
  138: holds(encrypted),
  161: holds(etypes),
  167: holds(pacOptions),
};

/** RFC 4120 5.2.7; TYPED-DATA of 5.9.1 has other tags for the same. */
const paData: Type = {
  kind: "typed",
  item: "PA-DATA",
  tags: [1, 2],
  names: ["padata-type", "padata-value"],
  meaning: padataName,
  of: (type) => padataTypes[type] ?? null,
};
const typedData: Type = { ...paData, item: "TYPED-DATA", tags: [0, 1], names: ["data-type", "data-value"] };
const padata = list("PA-DATA", paData);
const methodData: Type = { kind: "list", name: "METHOD-DATA", item: "PA-DATA", of: paData };
const typedDataList: Type = { kind: "list", name: "TYPED-DATA", item: "TYPED-DATA entry", of: typedData };

/** MS-KILE 2.2.2. */
const kerbErrorData: Type = {
  kind: "typed",
  item: "KERB-ERROR-DATA",
  tags: [1, 2],
  names: ["data-type", "data-value"],
  meaning: (type) => (type === 3 ? "KERB_ERR_TYPE_EXTENDED" : type === 2 ? "KERB_AP_ERR_TYPE_SKEW_RECOVERY" : null),
  of: (type) => (type === 3 ? { kind: "octets", read: extendedError } : null),
};

/** KERB-ERROR-DATA begins with a field, METHOD-DATA with an entry that has [1] first, TYPED-DATA with one that has [0]. */
export function errorDataType(bytes: Uint8Array): Type | null {
  if (bytes[0] !== 0x30) return null;
  const first = contentsAt(bytes, 0);
  if (bytes[first] === 0xa1) return kerbErrorData;
  if (bytes[first] !== 0x30) return null;
  return bytes[contentsAt(bytes, first)] === 0xa0 ? typedDataList : methodData;
}

/** RFC 4120 7.5.3; 20 is a NetBIOS name. */
const addressTypes: Names = { 2: "IPv4", 3: "directional", 20: "NetBIOS", 24: "IPv6" };
const hostAddress: Type = {
  kind: "typed",
  item: "HostAddress",
  tags: [0, 1],
  names: ["addr-type", "address"],
  meaning: from(addressTypes),
  of: (type) =>
    type === 20 ? { kind: "octets", read: asciiText } : type === 2 ? { kind: "octets", read: ipv4 } : null,
};

function ipv4(bytes: Uint8Array): Told | null {
  return bytes.length === 4 ? { value: bytes.join(".") } : null;
}

/** RFC 4120 5.4.1. */
const kdcReqBody = sequence(
  "KDC-REQ-BODY",
  field(0, "kdc-options", flags(kdcOptionNames)),
  optional(1, "cname", principal),
  field(2, "realm", text),
  optional(3, "sname", principal),
  optional(4, "from", time),
  field(5, "till", time),
  optional(6, "rtime", time),
  field(7, "nonce", uint32),
  field(8, "etype", etypes),
  optional(9, "addresses", list("HostAddress", hostAddress)),
  optional(10, "enc-authorization-data", encrypted),
  optional(11, "additional-tickets", list("Ticket", ticket)),
);
const kdcReq = (number: number, name: string) =>
  message(number, name, ...opening(number, 1), optional(3, "padata", padata), field(4, "req-body", kdcReqBody));

/** RFC 4120 5.4.2. */
const kdcRep = (number: number, name: string) =>
  message(
    number,
    name,
    ...opening(number),
    optional(2, "padata", padata),
    field(3, "crealm", text),
    field(4, "cname", principal),
    field(5, "ticket", ticket),
    field(6, "enc-part", encrypted),
  );

/** RFC 4120 5.9.1. */
const krbError = message(
  30,
  "KRB-ERROR",
  ...opening(30),
  optional(2, "ctime", time),
  optional(3, "cusec", int32),
  field(4, "stime", time),
  field(5, "susec", int32),
  field(6, "error-code", { kind: "integer", meaning: from(errorNames) }),
  optional(7, "crealm", text),
  optional(8, "cname", principal),
  field(9, "realm", text),
  field(10, "sname", principal),
  optional(11, "e-text", text),
  optional(12, "e-data", { kind: "der", pick: errorDataType }),
);

/** RFC 4120 5.6.1: what it carries is nobody's business here. */
const safeBody = sequence(
  "KRB-SAFE-BODY",
  field(0, "user-data", hidden),
  optional(1, "timestamp", time),
  optional(2, "usec", int32),
  optional(3, "seq-number", uint32),
  field(4, "s-address", hostAddress),
  optional(5, "r-address", hostAddress),
);

/** The messages by their application tag (RFC 4120 5.10). */
export const messages: Readonly<Record<number, Type>> = {
  1: ticket,
  10: kdcReq(10, "AS-REQ"),
  11: kdcRep(11, "AS-REP"),
  12: kdcReq(12, "TGS-REQ"),
  13: kdcRep(13, "TGS-REP"),
  14: apReq,
  15: message(15, "AP-REP", ...opening(15), field(2, "enc-part", encrypted)),
  20: message(20, "KRB-SAFE", ...opening(20), field(2, "safe-body", safeBody), field(3, "cksum", checksum)),
  21: message(21, "KRB-PRIV", ...opening(21), field(3, "enc-part", encrypted)),
  22: message(
    22,
    "KRB-CRED",
    ...opening(22),
    field(2, "tickets", list("Ticket", ticket)),
    field(3, "enc-part", encrypted),
  ),
  30: krbError,
};

/** The IAKERB draft, 3. */
export const iakerbHeader = sequence("IAKERB-HEADER", field(1, "target-realm", text), optional(2, "cookie", hidden));
