interface Dcerpc {
  readonly protocol: "dcerpc";
  readonly callId: number;
}

/** An abstract syntax: what the client wants to call. */
export interface RpcInterface {
  readonly uuid: string;
  /** Short name where the UUID is known (`netlogon`). */
  readonly name: string | null;
  /** `1.0` */
  readonly version: string;
}

/** The authentication verifier of MS-RPCE 2.2.2.11 without its token; null where a PDU has none. */
export interface RpcAuth {
  /** 9 SPNEGO, 10 NTLM, 16 Kerberos, 68 Netlogon, … */
  readonly type: number;
  /** 2 CONNECT … 6 PKT_PRIVACY. */
  readonly level: number;
}

export interface RpcBind extends Dcerpc {
  readonly kind: "bind" | "alter_context";
  readonly interfaces: readonly RpcInterface[];
  readonly auth: RpcAuth | null;
}
export interface RpcBindAck extends Dcerpc {
  readonly kind: "bind_ack" | "alter_context_resp";
  /** One for each context: 0 acceptance, 1 and 2 rejections, 3 negotiate_ack. */
  readonly results: readonly number[];
  readonly auth: RpcAuth | null;
}
export interface RpcBindNak extends Dcerpc {
  readonly kind: "bind_nak";
  readonly rejectReason: number;
}
/** The client's last leg, which has no answer of its own. */
export interface RpcAuth3 extends Dcerpc {
  readonly kind: "auth3";
  readonly auth: RpcAuth | null;
}
export interface RpcFault extends Dcerpc {
  readonly kind: "fault";
  /** 5: access denied; 0x721: an error of the security package. */
  readonly status: number;
}
export type DcerpcMessage = RpcBind | RpcBindAck | RpcBindNak | RpcAuth3 | RpcFault;
