export interface CldapSearch {
  readonly protocol: "cldap";
  readonly kind: "search";
  readonly messageId: number;
  readonly dnsDomain: string | null;
  readonly host: string | null;
  readonly user: string | null;
  readonly ntVer: number | null;
  /** Attributes asked for (`Netlogon`, …). */
  readonly attributes: readonly string[];
}
export interface CldapEntry {
  readonly protocol: "cldap";
  readonly kind: "entry";
  readonly messageId: number;
  /** 19…25 of MS-ADTS 6.3.1.3; null when the entry holds no netlogon value. */
  readonly opcode: number | null;
  readonly flags: number | null;
  readonly forest: string | null;
  readonly domain: string | null;
  readonly dc: string | null;
  readonly netbiosDomain: string | null;
  readonly netbiosDc: string | null;
  readonly user: string | null;
  readonly dcSite: string | null;
  readonly clientSite: string | null;
}
export interface CldapDone {
  readonly protocol: "cldap";
  readonly kind: "done";
  readonly messageId: number;
  readonly resultCode: number;
}
export type CldapMessage = CldapSearch | CldapEntry | CldapDone;

/** LDAP over TCP: what a log-on is made of. Passwords and the credentials of other mechanisms have no field. */
interface Ldap {
  readonly protocol: "ldap";
  readonly messageId: number;
}
export interface LdapBindRequest extends Ldap {
  readonly kind: "bind-request";
  readonly version: number;
  /** DN, UPN or DOMAIN\user of a simple bind; empty as a rule in others. */
  readonly name: string;
  /** `simple`, `sicily-discovery`, `sicily-negotiate`, `sicily-response`, or the SASL mechanism as sent (`GSSAPI`). */
  readonly mechanism: string;
  /** A simple bind without a password: nobody logs on (RFC 4513 5.1.1, 5.1.2). */
  readonly anonymous: boolean;
}
/** RFC 4511 4.1.9, with what Active Directory writes into the text. */
interface LdapResult extends Ldap {
  readonly resultCode: number;
  /** The text as sent, at most `limits.ldapTextBytes` of it; empty where none was sent. */
  readonly diagnostic: string;
  /** The eight hex digits that open the text (0x80090308, 0x2028); null where it opens otherwise. */
  readonly errorCode: number | null;
  /** The hex number behind `data` in the text: a Win32 error as a rule (0x52e). */
  readonly data: number | null;
}
export interface LdapBindResponse extends LdapResult {
  readonly kind: "bind-response";
}
export interface LdapSearchRequest extends Ldap {
  readonly kind: "search-request";
  /** Empty: the root DSE. */
  readonly base: string;
}
/** The root DSE; entries of other names are not kept. Null and empty: not among the attributes that were sent. */
export interface LdapRootEntry extends Ldap {
  readonly kind: "root-entry";
  readonly saslMechanisms: readonly string[];
  readonly dnsHostName: string | null;
  /** GeneralizedTime as sent: `20261118110640.0Z`. */
  readonly currentTime: string | null;
}
export interface LdapSearchDone extends LdapResult {
  readonly kind: "search-done";
}
export interface LdapUnbind extends Ldap {
  readonly kind: "unbind-request";
}
export interface LdapExtendedRequest extends Ldap {
  readonly kind: "extended-request";
  /** OID of the operation. */
  readonly name: string;
}
/** With message ID 0 one that nobody asked for: the notice of disconnection (RFC 4511 4.4.1). */
export interface LdapExtendedResponse extends LdapResult {
  readonly kind: "extended-response";
  readonly name: string | null;
}
export type LdapMessage =
  | LdapBindRequest
  | LdapBindResponse
  | LdapSearchRequest
  | LdapRootEntry
  | LdapSearchDone
  | LdapUnbind
  | LdapExtendedRequest
  | LdapExtendedResponse;
