import { describe, expect, it } from "vitest";
import type { Message } from "../../dissectors/registry.ts";
import type { Observation } from "../../src/model/observation.ts";
import { fieldsOf } from "../../src/report/message-fields.ts";
import { createLister as ndjsonLister } from "../../src/report/messages-ndjson.ts";
import { createLister as textLister } from "../../src/report/messages-text.ts";

const ticket = {
  realm: "CONTOSO.COM",
  sname: "HTTP/iisserver.contoso.com",
  etype: 18,
  kvno: 5,
  length: 1200,
  fingerprint: "0123456789abcdef",
} as const;
const sealed = { etype: 18, kvno: null, length: 60, fingerprint: "fedcba9876543210" } as const;
const shownTicket = {
  realm: "CONTOSO.COM",
  sname: "HTTP/iisserver.contoso.com",
  etype: 18,
  kvno: 5,
  length: 1200,
  fingerprint: "0123456789abcdef",
};

const request: Message = {
  protocol: "http",
  kind: "request",
  method: "GET",
  target: "/",
  version: "HTTP/1.1",
  host: "iisserver.contoso.com",
  userAgent: "curl",
  authorization: { scheme: "Negotiate", tokenLength: 2400, tokenSound: true },
  proxyAuthorization: null,
  headerBytes: 2600,
  via: null,
};
const init: Message = {
  protocol: "spnego",
  kind: "NegTokenInit",
  mechTypes: ["KRB5", "NTLMSSP"],
  hasToken: true,
  hasMic: false,
  hasHints: false,
};
const apReq: Message = { protocol: "kerberos", kind: "AP-REQ", apOptions: 0x20000000, ticket, authenticator: sealed };

function observed(message: Message, more: Partial<Observation> = {}): Observation {
  return {
    frame: 3040,
    frames: [3039, 3040],
    firstFrame: 3039,
    frameCount: 2,
    framesOmitted: 0,
    time: { seconds: 1_669_597_170, nanos: 185_326_200 },
    src: "192.168.2.101",
    dst: "192.168.2.104",
    sport: 52_655,
    dport: 80,
    transport: "tcp",
    connection: null,
    direction: 0,
    endOffset: 2600,
    message,
    inside: [],
    ...more,
  };
}

const carried = observed(request, { inside: [init, apReq] });
const describeKind = (message: Message) => `${message.protocol} ${message.kind}`;

describe("ndjson", () => {
  const lines = (observation: Observation) =>
    ndjsonLister(describeKind)
      .observation(observation)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("writes one line per message, tokens after their carrier", () => {
    const place = {
      frame: 3040,
      frames: [3039, 3040],
      time: "2022-11-28T00:59:30.185326200Z",
      src: "192.168.2.101",
      dst: "192.168.2.104",
      transport: "tcp",
      sport: 52_655,
      dport: 80,
    };
    expect(lines(carried)).toEqual([
      {
        ...place,
        protocol: "http",
        kind: "request",
        summary: "http request",
        method: "GET",
        target: "/",
        host: "iisserver.contoso.com",
        authorization: "Negotiate",
        tokenLength: 2400,
      },
      {
        ...place,
        protocol: "spnego",
        via: "http",
        kind: "NegTokenInit",
        summary: "spnego NegTokenInit",
        mechTypes: ["KRB5", "NTLMSSP"],
        hasToken: true,
        hasMic: false,
      },
      {
        ...place,
        protocol: "kerberos",
        via: "http",
        kind: "AP-REQ",
        summary: "kerberos AP-REQ",
        ticket: shownTicket,
        apOptions: 0x20000000,
      },
    ]);
  });

  it("keeps a line a line, whatever a name holds", () => {
    const text = ndjsonLister(() => "a\nb\u2028\u202e\u009b").observation(observed(request));
    expect(text.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(JSON.parse(text).summary).toBe("a\nb\u2028\u202e\u009b");
  });
});

describe("the fields of a message", () => {
  const dns = {
    protocol: "dns",
    id: 1,
    opcode: 0,
    questions: [{ name: "a.", type: "A" }],
    answers: [],
    additionals: [],
    truncated: false,
  } as const;
  const http = {
    protocol: "http",
    version: "HTTP/1.1",
    server: null,
    date: null,
    via: null,
    location: null,
    closes: false,
  } as const;
  const krb = {
    protocol: "kerberos",
    realm: "R",
    additionalTickets: [],
    forUser: null,
    pacOptions: null,
  } as const;
  const nothing = { ctime: null, cusec: null, susec: null, crealm: null, cname: null, etext: null } as const;

  it.each<[string, Message, object]>([
    ["dns query", { ...dns, kind: "query", rcode: 0 }, { id: 1, questions: dns.questions, truncated: false }],
    [
      "dns response",
      { ...dns, kind: "response", rcode: 3 },
      { id: 1, questions: dns.questions, rcode: 3, answers: [], truncated: false },
    ],
    [
      "cldap search",
      {
        protocol: "cldap",
        kind: "search",
        messageId: 7,
        dnsDomain: "contoso.com",
        host: null,
        user: null,
        ntVer: 22,
        attributes: [],
      },
      { messageId: 7, dnsDomain: "contoso.com", ntVer: 22 },
    ],
    ["cldap done", { protocol: "cldap", kind: "done", messageId: 7, resultCode: 0 }, { messageId: 7, resultCode: 0 }],
    [
      "401 of a server and a proxy",
      {
        ...http,
        kind: "response",
        status: 401,
        reason: "Unauthorized",
        challenges: [{ scheme: "Negotiate", tokenLength: 0, tokenSound: null }],
        proxyChallenges: [{ scheme: "NTLM", tokenLength: 80, tokenSound: true }],
      },
      { status: 401, reason: "Unauthorized", challenges: ["Negotiate", "NTLM"], tokenLength: 80 },
    ],
    [
      "AS-REQ",
      {
        ...krb,
        kind: "AS-REQ",
        cname: "john",
        sname: "krbtgt/R",
        kdcOptions: 1,
        nonce: 2,
        etypes: [18],
        padata: [128],
        ticket: null,
      },
      { realm: "R", cname: "john", sname: "krbtgt/R", etypes: [18], padata: [128], kdcOptions: 1, nonce: 2 },
    ],
    [
      "TGS-REP",
      {
        protocol: "kerberos",
        kind: "TGS-REP",
        crealm: "CONTOSO.COM",
        cname: "john",
        padata: [],
        ticket,
        encPart: sealed,
      },
      {
        realm: "CONTOSO.COM",
        crealm: "CONTOSO.COM",
        cname: "john",
        sname: ticket.sname,
        ticket: shownTicket,
        padata: [],
      },
    ],
    [
      "KRB-ERROR",
      {
        protocol: "kerberos",
        kind: "KRB-ERROR",
        errorCode: 7,
        errorName: "KDC_ERR_S_PRINCIPAL_UNKNOWN",
        stime: "20221128005930Z",
        realm: "R",
        sname: "HTTP/x",
        ntStatus: null,
        padata: [],
        etypes: [],
        ...nothing,
      },
      { realm: "R", sname: "HTTP/x", errorCode: 7, errorName: "KDC_ERR_S_PRINCIPAL_UNKNOWN", stime: "20221128005930Z" },
    ],
    ["AP-REP", { protocol: "kerberos", kind: "AP-REP", encPart: sealed }, {}],
    [
      "NegTokenResp",
      {
        protocol: "spnego",
        kind: "NegTokenResp",
        negState: "reject",
        supportedMech: null,
        hasToken: false,
        hasMic: false,
      },
      { negState: "reject", hasToken: false, hasMic: false },
    ],
    [
      "NTLM AUTHENTICATE",
      {
        protocol: "ntlmssp",
        kind: "AUTHENTICATE",
        domain: "CONTOSO",
        user: "john",
        workstation: "C1",
        targetSpn: null,
        version: "10.0.19041",
      },
      { domain: "CONTOSO", user: "john", workstation: "C1", version: "10.0.19041" },
    ],
    ["kpasswd", { protocol: "kpasswd", kind: "request", version: 0xff80, resultCode: null }, { version: 0xff80 }],
    [
      "tls",
      { protocol: "tls", kind: "client-hello", serverName: "iisserver.contoso.com", alpn: ["h2"] },
      { serverName: "iisserver.contoso.com", alpn: ["h2"] },
    ],
  ])("%s", (_name, message, fields) => {
    expect(fieldsOf(message)).toEqual(fields);
  });
});

describe("text", () => {
  it("keeps its columns and indents tokens under their carrier", () => {
    const lister = textLister(describeKind);
    expect((lister.begin() + lister.observation(carried)).split("\n")).toEqual([
      "  frame  time (UTC)       from             to               protocol  description",
      "   3040  00:59:30.185326  192.168.2.101    192.168.2.104    http      http request",
      "   3040  00:59:30.185326  192.168.2.101    192.168.2.104    spnego      spnego NegTokenInit",
      "   3040  00:59:30.185326  192.168.2.101    192.168.2.104    kerberos    kerberos AP-REQ",
      "",
    ]);
  });

  it("shows what a terminal would obey", () => {
    expect(textLister(() => "\u001b[2J\n").observation(observed(request))).toMatch(/http {6}\\u\{1b\}\[2J\\u\{a\}\n$/);
  });
});
