import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dissector, MessageBase } from "../../dissectors/dissector.ts";
import { describe as describeMessage, dissectors, type Message } from "../../dissectors/registry.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import * as rpc from "./dcerpc/message.ts";
import { dnsBytes, nameBytes, RESPONSE } from "./dns/message.ts";
import { messages } from "./kerberos/messages.ts";
import { bind, bindResult, done, element, entry, equality, narrow, rootEntry, sasl, search } from "./ldap/message.ts";
import { mailslot, nbnsAnswer } from "./netbios/message.ts";
import { ntpBytes } from "./ntp/message.ts";
import * as smb from "./smb/messages.ts";
import * as smb2 from "./smb2/messages.ts";
import { tokens } from "./spnego/tokens.ts";
import * as tds from "./tds/message.ts";
import { clientHello } from "./tls/hello.ts";

/** Sound messages of every protocol, to be damaged. */
const sound: readonly Uint8Array[] = [
  dnsBytes({
    flags: RESPONSE,
    questions: [{ name: "_ldap._tcp.contoso.com", type: 33 }],
    answers: [{ name: [0xc0, 12], type: 33, data: [0, 0, 0, 100, 1, 133, ...nameBytes("dca.contoso.com")] }],
    additional: [{ name: "dca.contoso.com", type: 1, data: [192, 168, 2, 1] }],
  }),
  Uint8Array.from(search(narrow, 1, element(narrow, 0xa0, equality(narrow, "DnsDomain", "a")), ["Netlogon"])),
  Uint8Array.from([
    ...entry(narrow, 1, "netlogon", [23, 0, 0, 0, ...new Array<number>(40).fill(0)]),
    ...done(narrow, 1, 0),
  ]),
  Uint8Array.from(bind(narrow, 1, "", sasl(narrow, "GSS-SPNEGO", [0x60, 3, 6, 1, 0]))),
  Uint8Array.from(bindResult(narrow, 1, 49, "80090308: LdapErr: data 52e", [0xa1, 2, 0x30, 0])),
  Uint8Array.from(rootEntry(narrow, 1, { supportedSASLMechanisms: ["GSSAPI"], currentTime: ["20261118110640.0Z"] })),
  Uint8Array.from(
    rpc.bind(11, [["12345678-1234-abcd-ef00-01234567cffb", 1]], { auth: { type: 9, token: [0x60, 3, 6, 1, 0] } }),
  ),
  Uint8Array.from(rpc.bindAck(12, [0, 3])),
  Uint8Array.from(rpc.fault(5)),
  Uint8Array.from(tds.prelogin(0)),
  Uint8Array.from(tds.login({ token: [0x60, 3, 6, 1, 0] })),
  Uint8Array.from(tds.response(tds.error(18456, "Login failed"), tds.sspiToken([0xa1, 2, 0x30, 0]))),
  Uint8Array.from(nbnsAnswer(7, "CONTOSO", 0x1c, [192, 168, 2, 1])),
  Uint8Array.from(
    mailslot({ from: "CLIENT1", to: "CONTOSO", suffix: 0x1c, name: "\\MAILSLOT\\NET\\NETLOGON", data: [18, 0] }),
  ),
  Buffer.from("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Negotiate YIIB\r\n\r\n"),
  Buffer.from('HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate, NTLM, Basic realm="a"\r\nDate: x\r\n\r\n'),
  ntpBytes({ mode: 4, stratum: 2, seconds: 0xec_a0_00_00 }),
  clientHello("iisserver.contoso.com", ["h2"]),
  smb2.negotiateRequest({ serverName: "files.contoso.com" }),
  smb2.negotiateResponse({ token: tokens.hints }),
  smb2.sessionSetupRequest({ token: tokens.initNtlm }),
  smb2.sessionSetupResponse({ token: tokens.respKrb5 }),
  smb2.treeConnectRequest("\\\\files.contoso.com\\share"),
  smb.negotiateRequest(),
  smb.negotiateResponse({ token: tokens.hints }),
  smb.plainSetupRequest("John", "CONTOSO", "\\\\files\\share"),
  smb.sessionSetupRequest(tokens.initNtlm),
  smb.sessionSetupResponse({ token: tokens.respKrb5 }),
  ...messages.map(([, bytes]) => bytes),
  ...Object.values(tokens),
];

type Row = readonly [
  name: string,
  dissector: Pick<Dissector<Message>, "decode"> & Omit<Dissector, "decode" | "describe">,
];
const all: readonly Row[] = Object.entries(dissectors);

const damaged = fc
  .tuple(
    fc.constantFrom(...sound),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
    fc.nat(),
    fc.boolean(),
  )
  .map(([bytes, changes, end, cut]) => {
    const copy = Uint8Array.from(cut ? bytes.subarray(0, end % (bytes.length + 1)) : bytes);
    for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
    return copy;
  });

function decode(dissector: Row[1], bytes: Uint8Array, cut: boolean): readonly Message[] {
  try {
    return dissector.decode(bytes, () => "0123456789abcdef", cut).map(({ message }) => message);
  } catch (error) {
    if (error instanceof Malformed) return [];
    throw error;
  }
}

describe.each(all)("%s", (name, dissector) => {
  test("introduces itself", () => {
    expect(dissector.protocol).toBe(name);
    expect(dissector.title).not.toBe("");
    expect(dissector.specs.length).toBeGreaterThan(0);
  });

  test.each([
    ["random bytes", fc.uint8Array({ maxLength: 300 })],
    ["damaged messages", damaged],
  ])("%s give messages or Malformed, and every message one clean line", (_, source) => {
    fc.assert(
      fc.property(source, fc.boolean(), (bytes, cut) => {
        for (const message of decode(dissector, bytes, cut)) {
          expect(describeMessage(message)).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("looksRight answers for any bytes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), damaged), (bytes) => {
        expect([true, false, undefined]).toContain(dissector.looksRight?.(bytes, 0, bytes.length));
      }),
    );
  });

  test("decoding leaves the bytes alone and depends on nothing else", () => {
    for (const bytes of sound) {
      const copy = Uint8Array.from(bytes);
      const first = decode(dissector, bytes, false);
      expect(decode(dissector, copy, false)).toEqual(first);
      expect(bytes.every((byte, at) => byte === copy[at])).toBe(true);
    }
  });
});

test("no UDP or TCP port is claimed twice", () => {
  for (const transport of ["udp", "tcp"] as const) {
    const ports = Object.values<Pick<Dissector<MessageBase>, "ports">>(dissectors).flatMap(
      ({ ports: each }) => each[transport] ?? [],
    );
    expect(new Set(ports).size).toBe(ports.length);
  }
});
