import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { unicode } from "../../src/bytes/unicode.ts";
import type { Decoded } from "../dissector.ts";
import { packetTypes } from "./codes.ts";
import type { TdsLogin, TdsMessage, TdsPrelogin } from "./message.ts";
import { isTlsRecord, TDS_HEADER_BYTES, tdsBody, tdsFrameLength } from "./packets.ts";
import { readResponse } from "./response.ts";

/**
 * One message of MS-TDS with the headers of its packets; TLS, and what is no part of a log-on, give nothing. `isAnswer`
 * of PRELOGIN cannot be seen from its type: a server answers in a tabular result that opens with an option.
 */
export function decodeTds(bytes: Uint8Array): readonly Decoded<TdsMessage>[] {
  if (isTlsRecord(bytes, 0, bytes.length)) return [];
  const length = tdsFrameLength(bytes, 0, bytes.length);
  if (length === null || length > bytes.length) throw new Malformed("TDS message is cut short", bytes.length);
  const body = tdsBody(bytes.subarray(0, length));
  switch (bytes[0]) {
    case packetTypes.prelogin:
      return body[0] === HANDSHAKE ? [] : [{ message: readPrelogin(body, "prelogin-request") }];
    case packetTypes.login7:
      return [readLogin(body)];
    case packetTypes.sspi:
      return [{ message: { protocol: "tds", kind: "sspi" }, inside: body.length === 0 ? [] : [body] }];
    case packetTypes.result:
      return body[0] === VERSION ? [{ message: readPrelogin(body, "prelogin-response") }] : readResponse(body);
    default:
      return [];
  }
}

/** A TLS handshake that PRELOGIN packets carry. */
const HANDSHAKE = 0x16;
const VERSION = 0;
const ENCRYPTION = 1;
const TERMINATOR = 0xff;
const OPTION_BYTES = 5;

/** MS-TDS 2.2.6.5: options of type, offset and length (16 bits each, big-endian), up to the terminator. */
function readPrelogin(body: Uint8Array, kind: TdsPrelogin["kind"]): TdsPrelogin {
  let encryption: number | null = null;
  for (let at = 0; at + OPTION_BYTES <= body.length && body[at] !== TERMINATOR; at += OPTION_BYTES) {
    const offset = ((body[at + 1] ?? 0) << 8) | (body[at + 2] ?? 0);
    if (body[at] === ENCRYPTION) encryption = body[offset] ?? null;
  }
  return { protocol: "tds", kind, encryption };
}

/** Offsets in LOGIN7 of the pairs of offset and length (16 bits each), MS-TDS 2.2.6.4. */
const pairs = { hostName: 36, userName: 40, appName: 48, serverName: 52, database: 68, sspi: 78 } as const;
const OPTION_FLAGS_2 = 25;
const INTEGRATED = 0x80;
const FIXED = 86;
const SSPI_LONG = 90;

function readLogin(body: Uint8Array): Decoded<TdsLogin> {
  if (body.length < FIXED) throw new Malformed("LOGIN7 is cut short", TDS_HEADER_BYTES + body.length);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const text = (pair: number) =>
    unicode(part(body, view, pair, Math.min(2 * view.getUint16(pair + 2, true), 2 * limits.tdsNameCharacters)));
  const message: TdsLogin = {
    protocol: "tds",
    kind: "login",
    hostName: text(pairs.hostName),
    userName: text(pairs.userName),
    appName: text(pairs.appName),
    serverName: text(pairs.serverName),
    database: text(pairs.database),
    integrated: ((body[OPTION_FLAGS_2] ?? 0) & INTEGRATED) !== 0,
  };
  const token = part(body, view, pairs.sspi, sspiLength(view));
  return token.length === 0 ? { message } : { message, inside: [token] };
}

/** cbSSPI; all ones say that the length stands in cbSSPILong. */
function sspiLength(view: DataView): number {
  const short = view.getUint16(pairs.sspi + 2, true);
  const long = view.byteLength >= SSPI_LONG + 4 ? view.getUint32(SSPI_LONG, true) : 0;
  return short === 0xffff && long > 0 ? long : short;
}

function part(body: Uint8Array, view: DataView, pair: number, length: number): Uint8Array {
  const offset = view.getUint16(pair, true);
  if (length === 0) return body.subarray(0, 0);
  if (offset + length > body.length) throw new Malformed("a part of LOGIN7 lies beyond it", TDS_HEADER_BYTES + pair);
  return body.subarray(offset, offset + length);
}
