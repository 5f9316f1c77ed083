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
