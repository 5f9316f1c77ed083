import { describe, expect, test } from "vitest";
import { http } from "../../../dissectors/http/index.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";

function decode(...lines: readonly string[]) {
  const [decoded] = http.decode(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), () => "");
  if (decoded === undefined) throw new Error("no message");
  return decoded;
}

function request(...lines: readonly string[]) {
  const { message } = decode(...lines);
  if (message.kind !== "request") throw new Error("no request");
  return message;
}

function response(...lines: readonly string[]) {
  const { message } = decode(...lines);
  if (message.kind !== "response") throw new Error("no response");
  return message;
}

const NTLM = Buffer.from("NTLMSSP\0\x01\0\0\0").toString("base64");

describe("requests", () => {
  test("with everything", () => {
    const lines = [
      "GET /a/b?secret=1#f HTTP/1.1",
      "Host: iisserver.contoso.com:8080",
      "User-Agent: test",
      "Via: 1.1 proxy",
      `AUTHORIZATION: Negotiate ${NTLM}`,
      `Proxy-Authorization: Basic am9objpzZWNyZXQ=`,
    ];
    const { message, inside } = decode(...lines);
    expect(message).toEqual({
      protocol: "http",
      kind: "request",
      method: "GET",
      target: "/a/b",
      version: "HTTP/1.1",
      host: "iisserver.contoso.com:8080",
      userAgent: "test",
      authorization: { scheme: "Negotiate", tokenLength: NTLM.length, tokenSound: true },
      proxyAuthorization: { scheme: "Basic", tokenLength: 16, tokenSound: null },
      headerBytes: lines.join("\r\n").length + 4,
      via: "1.1 proxy",
    });
    expect(inside).toHaveLength(1);
    expect(JSON.stringify(message)).not.toContain("am9objpzZWNyZXQ");
    expect(http.describe(message)).toBe(
      "HTTP: Request, GET /a/b, Host: iisserver.contoso.com:8080, Authorization: Negotiate (16 characters), Proxy-Authorization: Basic (16 characters)",
    );
  });

  test.each([
    ["http://user:password@host/path?q", "http://host/path"],
    ["//user@host/path", "//host/path"],
    ["/path/a@b", "/path/a@b"],
    ["*", "*"],
    ["host:443", "host:443"],
    ["/with space", "/with space"],
  ])("target %s", (target, shown) => {
    expect(request(`GET ${target} HTTP/1.1`).target).toBe(shown);
  });

  test("a folded token is joined, a folded value is not lost", () => {
    const message = request(
      "GET / HTTP/1.0",
      `Authorization: Negotiate ${NTLM.slice(0, 8)}`,
      ` ${NTLM.slice(8)}`,
      "User-Agent: one",
      "\ttwo",
    );
    expect(message.authorization).toEqual({ scheme: "Negotiate", tokenLength: 16, tokenSound: true });
    expect(message.userAgent).toBe("one two");
  });

  test("a folded line of blanks adds nothing", () => {
    const message = request("GET / HTTP/1.0", "Via:", "        ", "User-Agent: one", "   \t  ", "\ttwo", "      ");
    expect(message).toMatchObject({ via: "", userAgent: "one  two" });
  });

  test.each([
    ["Negotiate", 0, null],
    ["NTLM", 0, null],
    [`negotiate ${NTLM}`, 16, true],
    [`NTLM ${NTLM.replace(/=+$/, "")}`, 16, true],
    ["Negotiate !!!!", 4, false],
    ["Negotiate YII=", 4, false],
    ["Negotiate AAAAA", 5, false],
    ["Bearer a.b.c", 5, null],
    ['Digest username="john", uri="/"', 24, null],
  ])("Authorization: %s", (value, tokenLength, tokenSound) => {
    expect(request("GET / HTTP/1.1", `Authorization: ${value}`).authorization).toMatchObject({
      tokenLength,
      tokenSound,
    });
  });

  test("limit tokenCharacters", () => {
    const token = (characters: number) => {
      const der = Buffer.concat([Buffer.from([0x60, 0x84, 0, 0, 0, 0]), Buffer.alloc((characters / 4) * 3 - 6)]);
      der.writeUInt32BE(der.length - 6, 2);
      return request("GET / HTTP/1.1", `Authorization: Negotiate ${der.toString("base64")}`).authorization;
    };
    expect(token(limits.tokenCharacters)).toMatchObject({ tokenLength: limits.tokenCharacters, tokenSound: true });
    expect(token(limits.tokenCharacters + 4)).toMatchObject({ tokenSound: false });
  });

  test("limit httpChallenges: in one field, in many, and their tokens", () => {
    const many = Array.from({ length: limits.httpChallenges + 7 }, (_, n) => `S${n}`);
    const first = many.slice(0, limits.httpChallenges);
    const schemes = (...lines: readonly string[]) =>
      response("HTTP/1.1 401 No", ...lines).challenges.map(({ scheme }) => scheme);
    expect(schemes(`WWW-Authenticate: ${many.join(", ")}`)).toEqual(first);
    expect(schemes(...many.map((scheme) => `WWW-Authenticate: ${scheme}`))).toEqual(first);
    expect(
      schemes(`WWW-Authenticate: ${many.slice(0, 9).join(",")}`, `WWW-Authenticate: ${many.slice(9).join(",")}`),
    ).toEqual(first);
  });

  test("a list in thousands of fields is read in one go", () => {
    const lines = Array.from({ length: 4_000 }, (_, n) => `Connection: o${n}`);
    expect(response("HTTP/1.1 200 OK", ...lines).closes).toBe(false);
    expect(response("HTTP/1.1 200 OK", ...lines, "Connection: x, close").closes).toBe(true);
  });

  test("limit httpFieldCharacters", () => {
    const long = "a".repeat(limits.httpFieldCharacters);
    expect(request(`GET /${long} HTTP/1.1`).target).toHaveLength(limits.httpFieldCharacters);
    expect(request("GET / HTTP/1.1", `User-Agent: ${long}`).userAgent).toBe(long);
    expect(request("GET / HTTP/1.1", `User-Agent: ${long}b`).userAgent).toMatch(/a…$/);
  });
});

describe("responses", () => {
  test("with everything", () => {
    const message = response(
      "HTTP/1.1 401 Unauthorized",
      "Server: Microsoft-IIS/10.0",
      "Date: Fri, 20 Nov 2026 09:30:17 GMT",
      "Location: https://user:pw@host/login?token=1",
      "Connection: Keep-Alive, Close",
      "Persistent-Auth: true",
      "WWW-Authenticate: Negotiate",
      "WWW-Authenticate: NTLM",
      'Proxy-Authenticate: Basic realm="a, b"',
    );
    expect(message).toEqual({
      protocol: "http",
      kind: "response",
      status: 401,
      reason: "Unauthorized",
      version: "HTTP/1.1",
      challenges: ["Negotiate", "NTLM"].map((scheme) => ({ scheme, tokenLength: 0, tokenSound: null })),
      proxyChallenges: [{ scheme: "Basic", tokenLength: 0, tokenSound: null }],
      server: "Microsoft-IIS/10.0",
      date: Date.UTC(2026, 10, 20, 9, 30, 17) / 1000,
      via: null,
      location: "https://host/login",
      closes: true,
    });
    expect(http.describe(message)).toBe(
      "HTTP: Response, 401 Unauthorized, WWW-Authenticate: Negotiate, NTLM, Proxy-Authenticate: Basic",
    );
  });

  test.each([
    ["Negotiate, NTLM", ["Negotiate", "NTLM"]],
    ['Negotiate,NTLM ,Basic realm="x, NTLM"', ["Negotiate", "NTLM", "Basic"]],
    [
      `NEGOTIATE ${NTLM}, Digest realm="a", nonce="b\\",c", qop="auth", Basic realm=x`,
      ["NEGOTIATE", "Digest", "Basic"],
    ],
    ['Digest realm = "a" , nonce = "b", Negotiate', ["Digest", "Negotiate"]],
    [", ,Negotiate,", ["Negotiate"]],
    ["", []],
  ])("challenges of %s", (value, schemes) => {
    const { challenges } = response("HTTP/1.1 401 No", `WWW-Authenticate: ${value}`);
    expect(challenges.map(({ scheme }) => scheme)).toEqual(schemes);
  });

  test.each([
    ["HTTP/1.1", [], false],
    ["HTTP/1.0", [], true],
    ["HTTP/1.0", ["Connection: keep-alive"], false],
    ["HTTP/1.1", ["Proxy-Connection: close"], true],
  ])("%s with %j closes: %s", (version, fields, closes) => {
    expect(response(`${version} 200`, ...fields).closes).toBe(closes);
  });

  test.each([
    ["Sunday, 06-Nov-94 08:49:37 GMT", 784111777],
    ["Sun Nov  6 08:49:37 1994", 784111777],
    ["yesterday", null],
  ])("Date: %s", (date, seconds) => {
    expect(response("HTTP/1.1 200 OK", `Date: ${date}`).date).toBe(seconds);
  });

  test("no reason, bare line feeds, lines that are no fields, empty lines in front", () => {
    const [decoded] = http.decode(Buffer.from("\r\nHTTP/1.1 200\nnonsense\nServer: a\n\n"), () => "");
    expect(decoded?.message).toMatchObject({ status: 200, reason: "", server: "a" });
  });

  test("control characters do not reach the description", () => {
    const message = response("HTTP/1.1 200 O\u001b[31mK\u202e", "Server: a");
    expect(http.describe(message)).toBe("HTTP: Response, 200 O?[31mK?");
  });
});

test.each([
  "",
  "GET /",
  "HTTP/1.1 2000 OK",
  "HTTP/1.1 abc",
  "SSH-2.0-OpenSSH",
  "GET / HTTP/2.0x",
])("%j is refused", (line) => {
  expect(() => decode(line)).toThrow(Malformed);
});
