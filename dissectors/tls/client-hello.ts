import { textOf } from "../../src/bytes/text.ts";
import type { ClientHello } from "./message.ts";
import { readClientHelloBody } from "./records.ts";

const SERVER_NAME = 0;
const ALPN = 16;
const VERSION_AND_RANDOM = 34;

/** Name and protocols of a ClientHello, RFC 8446 4.1.2, as far as its bytes are there; throws where it is none at all. */
export function decodeClientHello(bytes: Uint8Array): ClientHello {
  const { body } = readClientHelloBody(bytes);
  const session = VERSION_AND_RANDOM + 1 + (body[VERSION_AND_RANDOM] ?? 0);
  const suites = session + 2 + u16(body, session);
  const compression = suites + 1 + (body[suites] ?? 0);
  let serverName: string | null = null;
  let alpn: readonly string[] = [];
  for (let at = compression + 2; at + 4 <= body.length; at += 4 + u16(body, at + 2)) {
    const data = body.subarray(at + 4, at + 4 + u16(body, at + 2));
    if (u16(body, at) === SERVER_NAME) serverName = readServerName(data);
    if (u16(body, at) === ALPN) alpn = readProtocols(data);
  }
  return { protocol: "tls", kind: "client-hello", serverName, alpn };
}

/** Bytes from the start of the stream that are needed before a ClientHello is whole, as far as `bytes` say. */
export function clientHelloWants(bytes: Uint8Array): number {
  return readClientHelloBody(bytes).wants;
}

/** RFC 6066 3: list length, name type 0, name length, name. */
function readServerName(data: Uint8Array): string | null {
  const length = u16(data, 3);
  if (data[2] !== 0 || length === 0 || 5 + length > data.length) return null;
  return textOf(data, 5, 5 + length);
}

/** RFC 7301 3.1. */
function readProtocols(data: Uint8Array): readonly string[] {
  const protocols: string[] = [];
  for (let at = 2; at < data.length; ) {
    const end = at + 1 + (data[at] ?? 0);
    if (end > data.length || end === at + 1) break;
    protocols.push(textOf(data, at + 1, end));
    at = end;
  }
  return protocols;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
