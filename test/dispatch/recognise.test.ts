import fc from "fast-check";
import { expect, test } from "vitest";
import { recognise } from "../../src/dispatch/recognise.ts";
import { join } from "../dissectors/asn1/build.ts";
import { dnsBytes, RESPONSE } from "../dissectors/dns/message.ts";
import { message } from "../dissectors/kerberos/messages.ts";
import { negotiateRequest as smb1Request } from "../dissectors/smb/messages.ts";
import { negotiateRequest, negotiateResponse, framed as packet } from "../dissectors/smb2/messages.ts";
import { clientHello } from "../dissectors/tls/hello.ts";

const framed = (bytes: Uint8Array) => join(Uint8Array.of(0, 0, bytes.length >> 8, bytes.length & 255), bytes);
const dns = (flags: number) => {
  const bytes = dnsBytes({ flags, questions: [{ name: "iisserver.contoso.com", type: 1 }] });
  return join(Uint8Array.of(0, bytes.length), bytes);
};
const kpasswd = (tag: number) => {
  const bytes = new Uint8Array(600);
  bytes.set([0, 0, 2, 84, 2, 84, 0xff, 0x80, 2, 0, tag]);
  return bytes;
};
const text = (characters: string) => new Uint8Array(Buffer.from(characters, "latin1"));
const LDAP_BIND = "\x30\x84\x00\x00\x00\x10\x02\x01\x01\x60\x84\x00\x00\x00\x07\x02\x01\x03\x04\x00\x80\x00";
const RPC_BIND =
  "\x05\x00\x0b\x03\x10\x00\x00\x00\x48\x00\x00\x00\x01\x00\x00\x00\xd0\x16\xd0\x16\x00\x00\x00\x00\x01\x00\x00\x00";
const PRELOGIN =
  "\x12\x01\x00\x2f\x00\x00\x00\x00\x00\x00\x1a\x00\x06\x01\x00\x20\x00\x01\x02\x00\x21\x00\x01\x03\x00\x22\x00\x04\xff";
const look = (bytes: Uint8Array, sender = 50_000, receiver = 9999) =>
  recognise(bytes, 0, bytes.length, sender, receiver);

test.each([
  ["an HTTP request", text("GET / HTTP/1.1\r\n"), 50_000, 9999, "http", true],
  ["an HTTP response", text("HTTP/1.1 200 OK\r\n"), 9999, 50_000, "http", false],
  ["a ClientHello", clientHello("a", []), 50_000, 8443, "tls", true],
  ["a TGS-REQ on any port", framed(message("tgsReq")), 50_000, 10_088, "kerberos", true],
  ["a TGS-REP", framed(message("tgsRep")), 88, 50_000, "kerberos", false],
  ["a KRB-ERROR", framed(message("skew")), 88, 50_000, "kerberos", false],
  ["a DNS query", dns(0x0100), 50_000, 53, "dns", true],
  ["a DNS response", dns(RESPONSE), 53, 50_000, "dns", false],
  ["a DNS query elsewhere", dns(0x0100), 50_000, 54, null, null],
  ["a password change", kpasswd(0x6e), 50_000, 464, "kpasswd", true],
  ["its reply", kpasswd(0x6f), 464, 50_000, "kpasswd", false],
  ["a KRB-ERROR on port 464", framed(message("skew")), 464, 50_000, "kerberos", false],
  ["SMB1", packet(smb1Request()), 50_000, 445, "smb", true],
  ["SMB2", packet(negotiateRequest()), 50_000, 9999, "smb", true],
  ["an answer of SMB2", packet(negotiateResponse()), 445, 50_000, "smb", false],
  ["SMB3 inside encryption", packet(text("\xfdSMB0123456789")), 445, 50_000, "smb", null],
  ["a packet of something else", packet(text("\xfeSMX0123456789abcdefghijkl")), 50_000, 445, null, null],
  ["an LDAP bind", text(LDAP_BIND), 50_000, 389, "ldap", true],
  ["an LDAP bind on any port", text(LDAP_BIND), 50_000, 10_389, "ldap", true],
  ["its answer", text("\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00"), 389, 50_000, "ldap", false],
  ["an unbind", text("\x30\x05\x02\x01\x03\x42\x00"), 50_000, 389, "ldap", true],
  ["an LDAP bind of version 9", text(LDAP_BIND.replace("\x01\x03", "\x01\x09")), 50_000, 389, null, null],
  ["SNMP over TCP", text("\x30\x26\x02\x01\x01\x04\x06public\xa0\x19"), 50_000, 161, null, null],
  ["a SASL security layer", text("\x00\x00\x00\x43\x05\x04\x06\xff\x00\x00\x00\x00"), 50_000, 389, null, null],
  ["an RPC bind", text(RPC_BIND), 50_000, 135, "dcerpc", true],
  ["an RPC bind on a dynamic port", text(RPC_BIND), 50_000, 49_668, "dcerpc", true],
  ["an RPC fault", text(RPC_BIND.replace("\x0b", "\x03")), 49_668, 50_000, "dcerpc", false],
  ["an RPC PDU of EBCDIC", text(RPC_BIND.replace("\x10", "\x11")), 50_000, 135, null, null],
  ["SOCKS", text("\x05\x01\x00\x05\x01\x00\x03\x0aiisserver.contoso.com"), 50_000, 1080, null, null],
  ["PRELOGIN", text(PRELOGIN), 50_000, 1433, "tds", true],
  ["PRELOGIN of a named instance", text(PRELOGIN), 50_000, 51_234, "tds", true],
  ["its answer", text(PRELOGIN.replace("\x12", "\x04")), 1433, 50_000, "tds", false],
  ["PRELOGIN without a version", text(PRELOGIN.replace("\x00\x1a", "\x00\x01")), 50_000, 1433, null, null],
  ["HTTP/2", text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 50_000, 80, null, null],
  ["SSH", text("SSH-2.0-OpenSSH_9.2p1\r\n"), 22, 50_000, null, null],
  ["a server's first TLS record", text("\x16\x03\x03\x00\x5a\x02"), 443, 50_000, null, null],
  ["a NetBIOS session request", text(`\x81\x00\x00\x44 ${"CK".repeat(10)}`), 50_000, 139, "smb", true],
  ["the same elsewhere", text(`\x81\x00\x00\x44 ${"CK".repeat(10)}`), 50_000, 9999, null, null],
])("%s", (_, bytes, sender, receiver, protocol, senderIsClient) => {
  expect(look(bytes, sender, receiver)).toEqual({ protocol, senderIsClient });
});

test("every first part of what is recognised asks for more or says the same", () => {
  const cases = [
    [text("GET /index.html HTTP/1.1\r\nHost: a\r\n"), 80],
    [text("HTTP/1.1 200 OK\r\n"), 80],
    [clientHello("a", []), 443],
    [framed(message("tgsReq")), 88],
    [dns(0x0100), 53],
    [kpasswd(0x6e), 464],
    [text(LDAP_BIND), 389],
    [text(RPC_BIND), 49_668],
    [text(PRELOGIN), 1433],
    [packet(smb1Request()), 445],
    [packet(negotiateRequest()), 445],
  ] as const;
  for (const [bytes, port] of cases) {
    const whole = look(bytes, 50_000, port);
    for (let end = 1; end < Math.min(bytes.length, 80); end += 1) {
      expect([null, whole]).toContainEqual(look(bytes.subarray(0, end), 50_000, port));
    }
    expect(look(bytes.subarray(0, 24), 50_000, port)).toEqual(whole);
  }
});

test("random bytes are nobody's, and it takes few of them to say so", () => {
  const random = fc.uint8Array({ minLength: 100, maxLength: 100 });
  fc.assert(
    fc.property(random, fc.constantFrom(80, 88, 445, 9999), (bytes, port) => {
      expect(look(bytes, 50_000, port)).toEqual({ protocol: null, senderIsClient: null });
    }),
    { numRuns: 2000 },
  );
});
