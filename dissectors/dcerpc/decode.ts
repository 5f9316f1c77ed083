import { Malformed } from "../../src/bytes/malformed.ts";
import type { Decoded } from "../dissector.ts";
import { interfaces, packetTypes } from "./codes.ts";
import { isLittle, RPC_HEADER_BYTES, rpcFrameLength } from "./header.ts";
import type { DcerpcMessage, RpcAuth, RpcBind, RpcBindAck, RpcInterface } from "./message.ts";
import { Reader } from "./reader.ts";

const AUTH_TRAILER_BYTES = 8;
const FIRST_AND_LAST = 0x03;
/** Netlogon's and Schannel's verifiers hold no token of GSS-API. */
const WITH_TOKENS = new Set([9, 10, 16]);

interface Verifier {
  readonly auth: RpcAuth | null;
  readonly inside: readonly Uint8Array[];
  /** Where the body ends and the verifier's padding begins. */
  readonly bodyEnd: number;
}

/** One PDU of a connection (C706 12.6); calls, results and control give nothing. */
export function decodeDcerpc(bytes: Uint8Array): readonly Decoded<DcerpcMessage>[] {
  const length = rpcFrameLength(bytes, 0, bytes.length);
  if (length === null || length > bytes.length) throw new Malformed("RPC PDU is cut short", bytes.length);
  const little = isLittle(bytes, 0);
  const verifier = readVerifier(bytes, length, little);
  const callId = new Reader(bytes, 12, length, little).u32("call_id");
  const body = new Reader(bytes, RPC_HEADER_BYTES, verifier.bodyEnd, little);
  const message = readBody(bytes[2] ?? 0, body, callId, verifier.auth);
  return message === null ? [] : [{ message, inside: verifier.inside }];
}

function readBody(type: number, body: Reader, callId: number, auth: RpcAuth | null): DcerpcMessage | null {
  const protocol = "dcerpc";
  switch (type) {
    case packetTypes.bind:
      return { protocol, kind: "bind", callId, interfaces: readContexts(body), auth };
    case packetTypes.alter_context:
      return { protocol, kind: "alter_context", callId, interfaces: readContexts(body), auth };
    case packetTypes.bind_ack:
      return { protocol, kind: "bind_ack", callId, results: readResults(body), auth };
    case packetTypes.alter_context_resp:
      return { protocol, kind: "alter_context_resp", callId, results: readResults(body), auth };
    case packetTypes.bind_nak:
      return { protocol, kind: "bind_nak", callId, rejectReason: body.u16("provider_reject_reason") };
    case packetTypes.auth3:
      return { protocol, kind: "auth3", callId, auth };
    case packetTypes.fault:
      body.skip(8, "alloc_hint");
      return { protocol, kind: "fault", callId, status: body.u32("status") };
    default:
      return null;
  }
}

/** MS-RPCE 2.2.2.11: type, level, padding, reserved, context id, then the token; of a first and last fragment only. */
function readVerifier(bytes: Uint8Array, length: number, little: boolean): Verifier {
  const size = new Reader(bytes, 10, length, little).u16("auth_length");
  if (size === 0) return { auth: null, inside: [], bodyEnd: length };
  const at = length - size - AUTH_TRAILER_BYTES;
  if (at < RPC_HEADER_BYTES) throw new Malformed(`auth_length ${size}`, 10);
  const auth = { type: bytes[at] ?? 0, level: bytes[at + 1] ?? 0 };
  const whole = ((bytes[3] ?? 0) & FIRST_AND_LAST) === FIRST_AND_LAST;
  const token = bytes.subarray(at + AUTH_TRAILER_BYTES, length);
  return { auth, inside: whole && WITH_TOKENS.has(auth.type) ? [token] : [], bodyEnd: at };
}

/** C706 12.6.4.3: fragment sizes, association group, then the presentation contexts, at most 255. */
function readContexts(body: Reader): RpcBind["interfaces"] {
  body.skip(8, "assoc_group_id");
  const count = body.u8("n_context_elem");
  body.skip(3, "n_context_elem");
  const found = new Map<string, RpcInterface>();
  for (let index = 0; index < count; index += 1) {
    body.skip(2, "p_cont_id");
    const transfers = body.u8("n_transfer_syn");
    body.skip(1, "n_transfer_syn");
    const wanted = readSyntax(body);
    body.skip(20 * transfers, "transfer_syntaxes");
    found.set(`${wanted.uuid} ${wanted.version}`, wanted);
  }
  return [...found.values()];
}

/** p_syntax_id_t: a UUID, the major version in the lower half of 32 bits and the minor one above it. */
function readSyntax(body: Reader): RpcInterface {
  const uuid = body.uuid("abstract_syntax");
  const version = body.u32("abstract_syntax");
  return { uuid, name: interfaces[uuid] ?? null, version: `${version & 0xffff}.${version >>> 16}` };
}

/** C706 12.6.4.4: fragment sizes, association group, secondary address, then one result for each context, at most 255. */
function readResults(body: Reader): RpcBindAck["results"] {
  body.skip(8, "assoc_group_id");
  body.skip(body.u16("sec_addr"), "sec_addr");
  body.align();
  const count = body.u8("n_results");
  body.skip(3, "n_results");
  const results: number[] = [];
  for (let index = 0; index < count; index += 1) {
    results.push(body.u16("result"));
    body.skip(22, "transfer_syntax");
  }
  return results;
}
