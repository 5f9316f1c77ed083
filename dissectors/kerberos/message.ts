/** What a message keeps of an encrypted part. There is no field in which ciphertext could sit. */
export interface Sealed {
  readonly etype: number;
  readonly kvno: number | null;
  /** Bytes of cipher. */
  readonly length: number;
}

export interface Ticket extends Sealed {
  /** First 16 hex digits of the SHA-256 of the cipher: the same ticket has it wherever it is seen. */
  readonly fingerprint: string;
  readonly realm: string;
  readonly sname: string;
}

interface KdcReq {
  readonly protocol: "kerberos";
  readonly realm: string;
  readonly cname: string | null;
  readonly sname: string | null;
  readonly kdcOptions: number;
  readonly nonce: number;
  readonly etypes: readonly number[];
  /** Types of the padata, in order. */
  readonly padata: readonly number[];
  /** The ticket in PA-TGS-REQ (TGS-REQ) or in the FAST armor (AS-REQ). */
  readonly ticket: Ticket | null;
  readonly additionalTickets: readonly Ticket[];
  /** The user named by PA-FOR-USER or PA-S4U-X509-USER, with realm where given: `john@CONTOSO.COM`. */
  readonly forUser: string | null;
  /** PA-PAC-OPTIONS flags, bit 0 the most significant. */
  readonly pacOptions: number | null;
}
export interface AsReq extends KdcReq {
  readonly kind: "AS-REQ";
}
export interface TgsReq extends KdcReq {
  readonly kind: "TGS-REQ";
}

interface KdcRep {
  readonly protocol: "kerberos";
  readonly crealm: string;
  readonly cname: string;
  readonly padata: readonly number[];
  readonly ticket: Ticket;
  readonly encPart: Sealed;
}
export interface AsRep extends KdcRep {
  readonly kind: "AS-REP";
}
export interface TgsRep extends KdcRep {
  readonly kind: "TGS-REP";
}

export interface ApReq {
  readonly protocol: "kerberos";
  readonly kind: "AP-REQ";
  readonly apOptions: number;
  readonly ticket: Ticket;
  readonly authenticator: Sealed;
}
export interface ApRep {
  readonly protocol: "kerberos";
  readonly kind: "AP-REP";
  readonly encPart: Sealed;
}

export interface KrbError {
  readonly protocol: "kerberos";
  readonly kind: "KRB-ERROR";
  readonly errorCode: number;
  readonly errorName: string;
  /** KerberosTime as sent (`20261120093017Z`); microseconds beside it. */
  readonly ctime: string | null;
  readonly cusec: number | null;
  readonly stime: string | null;
  readonly susec: number | null;
  readonly crealm: string | null;
  readonly cname: string | null;
  readonly realm: string | null;
  readonly sname: string | null;
  readonly etext: string | null;
  readonly ntStatus: number | null;
  /** padata types of a METHOD-DATA (or TYPED-DATA types) in e-data. */
  readonly padata: readonly number[];
  /** etypes of ETYPE-INFO2 or ETYPE-INFO in e-data. */
  readonly etypes: readonly number[];
}

export interface KrbSafe {
  readonly protocol: "kerberos";
  readonly kind: "KRB-SAFE";
}
export interface KrbPriv {
  readonly protocol: "kerberos";
  readonly kind: "KRB-PRIV";
  readonly encPart: Sealed;
}
export interface KrbCred {
  readonly protocol: "kerberos";
  readonly kind: "KRB-CRED";
  readonly tickets: readonly Ticket[];
}
/** RFC 3244 framing on port 464: what it holds follows as messages of its own. */
export interface Kpasswd {
  readonly protocol: "kpasswd";
  readonly kind: "request" | "reply";
  /** 1 change password, 0xff80 set password; a reply has 1. */
  readonly version: number;
  readonly resultCode: number | null;
}

export type KerberosMessage = AsReq | AsRep | TgsReq | TgsRep | ApReq | ApRep | KrbError | KrbSafe | KrbPriv | KrbCred;
