import { expect, test } from "vitest";
import { bodyOf, expectsContinue, readBlock, readStartLine } from "../../../dissectors/http/index.ts";

function body(method: string | null, ...lines: readonly string[]) {
  const block = readBlock(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`));
  return bodyOf(block, readStartLine(block), method);
}

const OK = "HTTP/1.1 200 OK";
const POST = "POST / HTTP/1.1";

test.each([
  [null, [POST], "none"],
  [null, [POST, "Content-Length: 5"], "count"],
  [null, [POST, "Content-Length: 0"], "none"],
  [null, [POST, "Transfer-Encoding: gzip, chunked", "Content-Length: 5"], "chunked"],
  [null, [POST, "Transfer-Encoding: gzip"], "unknown"],
  [null, [POST, "Content-Length: 5", "Content-Length: 6"], "unknown"],
  [null, [POST, "Content-Length: 5, 5"], "count"],
  [null, [POST, "Content-Length: 5,5 ,\t5", "Content-Length: 5"], "count"],
  [null, [POST, "Content-Length: 5, 6"], "unknown"],
  [null, [POST, "Content-Length: 5,"], "unknown"],
  [null, [POST, "Content-Length: 5 5"], "unknown"],
  [null, [POST, "Content-Length:"], "unknown"],
  [null, [POST, "Content-Length: -5"], "unknown"],
  [null, [POST, "Content-Length: 999999999999999"], "count"],
  [null, [POST, "Content-Length: 9999999999999999"], "unknown"],
  ["GET", [OK], "until-close"],
  [null, [OK, "Content-Length: 5"], "count"],
  ["GET", [OK, "Transfer-Encoding: chunked"], "chunked"],
  ["GET", [OK, "Transfer-Encoding: gzip"], "until-close"],
  ["HEAD", [OK, "Content-Length: 5"], "none"],
  ["GET", ["HTTP/1.1 304 Not Modified", "Content-Length: 5"], "none"],
  ["GET", ["HTTP/1.1 204 No Content"], "none"],
  ["GET", ["HTTP/1.1 100 Continue"], "none"],
  ["GET", ["HTTP/1.1 101 Switching Protocols"], "unknown"],
  ["CONNECT", [OK], "tunnel"],
  ["CONNECT", ["HTTP/1.1 407 No", "Content-Length: 5"], "count"],
])("answering %s, %j has a body: %s", (method, lines, kind) => {
  expect(body(method, ...lines).kind).toBe(kind);
});

test("Expect", () => {
  const block = (field: string) => readBlock(Buffer.from(`${POST}\r\n${field}\r\n\r\n`));
  expect(expectsContinue(block("Expect: 100-Continue"))).toBe(true);
  expect(expectsContinue(block("Expect: nothing"))).toBe(false);
});

test("a block amid other bytes is read as by itself", () => {
  const text = `${POST}\r\nHost: a\r\nContent-Length: 12\r\n\r\n`;
  const amid = Buffer.from(`GET /before HTTP/1.1\r\n${text}34\r\nContent-Length: 5\r\n\r\n`);
  const start = amid.indexOf(POST);
  const block = readBlock(amid, start, start + text.length);
  expect(block.length).toBe(text.length);
  expect(readStartLine(block)).toEqual(readStartLine(readBlock(Buffer.from(text))));
  expect(bodyOf(block, readStartLine(block), null)).toEqual({ kind: "count", bytes: 12 });
});
