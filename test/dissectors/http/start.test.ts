import { expect, test } from "vitest";
import { startOf } from "../../../dissectors/http/index.ts";

const look = (text: string) => startOf(Buffer.from(text), 0, Buffer.byteLength(text));

test.each([
  ["GET / HTTP/1.1\r\n", "request"],
  ["\r\nGET / HTTP/1.0\r\n", "request"],
  ["PROPFIND /dav HTTP/1.1\r\n", "request"],
  ["CONNECT host:443 HTTP/1.1\r\n", "request"],
  ["FROBNICATE /x HTTP/1.1\r\n", "request"],
  [`GET /${"a".repeat(2000)}`, "request"],
  [`FROBNICATE /${"a".repeat(20)}`, "more"],
  [`FROBNICATE /${"a".repeat(100)}`, "no"],
  ["GE", "more"],
  ["GET ", "more"],
  ["HTTP/1.1 200 OK\r\n", "response"],
  ["HTTP/", "more"],
  ["HTTP/1", "more"],
  ["HTTP/2 200\r\n", "no"],
  ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "http2"],
  ["OPTIONS rtsp://host/ RTSP/1.0\r\n", "no"],
  ["OPTIONS sip:a@b SIP/2.0\r\n", "no"],
  ["USER anonymous\r\n", "no"],
  ["HELO host\r\n", "no"],
  ["a1 LOGIN john secret\r\n", "no"],
  ["SSH-2.0-OpenSSH_9.2\r\n", "no"],
  ["\u0000\u0000\u0000\u0040\u00ffSMB", "no"],
  ["GET {", "no"],
])("%j is %s", (text, expected) => {
  expect(look(text)).toBe(expected);
});
