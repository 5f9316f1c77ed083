import { describe, expect, test } from "vitest";
import { dns } from "../../../dissectors/dns/index.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { dnsBytes, nameBytes, QUERY, RESPONSE, u16 } from "./message.ts";

const HOST = "iisserver.contoso.com";
const TO_QUESTION = [0xc0, 12] as const;

function decode(bytes: Uint8Array) {
  const [decoded] = dns.decode(bytes, () => "");
  if (decoded === undefined) throw new Error("no message");
  return decoded.message;
}

describe("messages", () => {
  test("a query", () => {
    const message = decode(dnsBytes({ questions: [{ name: HOST, type: 1 }] }));
    expect(message).toEqual({
      protocol: "dns",
      kind: "query",
      id: 0x666a,
      opcode: 0,
      questions: [{ name: HOST, type: "A" }],
      rcode: 0,
      answers: [],
      additionals: [],
      truncated: false,
    });
    expect(dns.describe(message)).toBe(
      `DNS: QueryId = 0x666A, QUERY (Standard query), Query for ${HOST} of type Host Addr`,
    );
  });

  test("a response with an alias, its address, and OPT", () => {
    const message = decode(
      dnsBytes({
        flags: RESPONSE,
        questions: [{ name: "www.contoso.com", type: 1 }],
        answers: [
          { name: TO_QUESTION, type: 5, data: nameBytes(HOST) },
          { name: HOST, type: 1, data: [192, 168, 2, 104] },
        ],
        additional: [
          { name: ".", type: 41, data: [] },
          { name: HOST, type: 28, data: [0xfd, ...new Array<number>(14).fill(0), 1] },
        ],
      }),
    );
    expect(message.answers).toEqual([
      { name: "www.contoso.com", type: "CNAME", data: HOST },
      { name: HOST, type: "A", data: "192.168.2.104" },
    ]);
    expect(message.additionals).toEqual([{ name: HOST, type: "AAAA", data: "fd00::1" }]);
    expect(dns.describe(message)).toContain(`Response for www.contoso.com - Success, ${HOST}, 192.168.2.104`);
  });

  test("a refusal is named", () => {
    const message = decode(dnsBytes({ flags: 0x8183, questions: [{ name: HOST, type: 1 }] }));
    expect(message.rcode).toBe(3);
    expect(dns.describe(message)).toContain(`Response for ${HOST} - NXDOMAIN`);
  });

  test("a truncated response keeps what came before the cut", () => {
    const whole = dnsBytes({
      flags: RESPONSE | 0x0200,
      questions: [{ name: HOST, type: 33 }],
      answers: [1, 2].map((last) => ({ name: TO_QUESTION, type: 1, data: [10, 0, 0, last] })),
    });
    const message = decode(whole.subarray(0, whole.length - 3));
    expect(message.truncated).toBe(true);
    expect(message.answers.map(({ data }) => data)).toEqual(["10.0.0.1"]);
  });

  test("of a datagram that the capture cut the records that are there are read", () => {
    const records = [1, 2].map((last) => ({ name: TO_QUESTION, type: 1, data: [10, 0, 0, last] }));
    const whole = dnsBytes({ flags: RESPONSE, questions: [{ name: HOST, type: 1 }], answers: records });
    const [decoded] = dns.decode(whole.subarray(0, whole.length - 1), () => "", true);
    expect(decoded?.message).toMatchObject({ cut: true, truncated: false, answers: [{ data: "10.0.0.1" }] });
    expect(decoded && dns.describe(decoded.message)).toContain("Success, 10.0.0.1, cut");
  });

  test("without the TC bit a cut answer is refused, a cut additional record is not", () => {
    const record = { name: TO_QUESTION, type: 1, data: [10, 0, 0, 1] };
    const answer = dnsBytes({ flags: RESPONSE, questions: [{ name: HOST, type: 1 }], answers: [record] });
    expect(() => decode(answer.subarray(0, answer.length - 1))).toThrow(Malformed);
    const extra = dnsBytes({ flags: RESPONSE, questions: [{ name: HOST, type: 1 }], additional: [record] });
    expect(decode(extra.subarray(0, extra.length - 1)).additionals).toEqual([]);
  });
});

describe("record data", () => {
  test.each([
    [1, [10, 0, 0, 1], "A", "10.0.0.1"],
    [1, [], "A", ""],
    [2, nameBytes("ns.contoso.com"), "NS", "ns.contoso.com"],
    [6, [...nameBytes("ns.a"), ...nameBytes("root.a"), ...new Array<number>(20).fill(0)], "SOA", "ns.a root.a"],
    [12, nameBytes(HOST), "PTR", HOST],
    [15, [0, 10, ...nameBytes("mx.a")], "MX", "10 mx.a"],
    [16, [3, 97, 98, 7, 2, 99, 100], "TXT", '"ab?" "cd"'],
    [28, [0x20, 1, 0xd, 0xb8, ...new Array<number>(11).fill(0), 1], "AAAA", "2001:db8::1"],
    [28, new Array<number>(16).fill(0), "AAAA", "::"],
    [28, [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1], "AAAA", "1:0:1::1:1:1"],
    [33, [0, 0, 0, 100, 0, 88, ...nameBytes("dca.contoso.com")], "SRV", "0 100 88 dca.contoso.com"],
    [65, [0, 1, ...nameBytes("."), 0, 1, 0, 3, 2, 104, 50], "HTTPS", "1 ."],
    [256, [0, 1, 0, 2, ...Buffer.from("krb5srv:m:udp:a")], "URI", '1 2 "krb5srv:m:udp:a"'],
    [65280, [1, 2, 3], "TYPE65280", ""],
  ])("type %d", (type, data, name, text) => {
    const bytes = dnsBytes({ flags: RESPONSE, answers: [{ name: HOST, type, data }] });
    expect(decode(bytes).answers).toEqual([{ name: HOST, type: name, data: text }]);
  });

  test.each([
    [1, [10, 0, 0]],
    [28, [1, 2, 3]],
    [33, [0, 0, 0, 1]],
    [16, [9, 97]],
    [5, [3, 97, 98]],
  ])("type %d with damaged data is refused", (type, data) => {
    const bytes = dnsBytes({ flags: RESPONSE, answers: [{ name: HOST, type, data }] });
    expect(() => decode(bytes)).toThrow(Malformed);
  });
});

describe("names", () => {
  const asked = (name: readonly number[] | string) => decode(dnsBytes({ questions: [{ name, type: 1 }] })).questions[0];

  test("the root is a dot", () => {
    expect(asked(".")?.name).toBe(".");
  });

  test("dots, blanks and control characters inside labels are escaped, UTF-8 is kept", () => {
    expect(asked([4, 97, 0x2e, 10, 32, 0])?.name).toBe("a\\046\\010\\032");
    expect(asked([3, 0xc3, 0xbc, 97, 0])?.name).toBe("üa");
    expect(asked([3, 0xc2, 0x85, 97, 0])?.name).toBe("\\133a");
  });

  test.each([
    ["to itself", [0xc0, 12]],
    ["forwards", [0xc0, 40]],
    ["to the start of the same name", [1, 97, 0xc0, 12]],
    ["with a label of an unknown kind", [0x40, 1, 2]],
    ["cut inside a label", [40, 97, 98]],
  ])("a name %s is refused", (_, name) => {
    expect(() => asked(name)).toThrow(Malformed);
  });

  test("two pointers at one another are refused", () => {
    const first = { name: [0xc0, 18], type: 1 };
    expect(() => decode(dnsBytes({ questions: [first, { name: [0xc0, 12], type: 1 }] }))).toThrow("name pointer loop");
  });

  test("limit dnsNameBytes", () => {
    const label = [63, ...new Array<number>(63).fill(97)];
    const long = (last: number) => [...label, ...label, ...label, last, ...new Array<number>(last).fill(98), 0];
    expect(asked(long(limits.dnsNameBytes - 3 * 64 - 2))?.name.length).toBe(limits.dnsNameBytes - 2);
    expect(() => asked(long(limits.dnsNameBytes - 3 * 64 - 1))).toThrow("name too long");
  });

  test("limit dnsPointerJumps", () => {
    const links = jumpChain(limits.dnsPointerJumps);
    expect(decode(links).answers.at(-1)?.name).toBe("a");
    expect(() => decode(jumpChain(limits.dnsPointerJumps + 1))).toThrow("too many pointers");
  });

  test("limit dnsNames", () => {
    const record = { name: TO_QUESTION, type: 10, data: [] };
    const many = (count: number) =>
      decode(
        dnsBytes({
          flags: RESPONSE,
          questions: [{ name: "a", type: 1 }],
          answers: new Array<typeof record>(count).fill(record),
        }),
      );
    expect(many(limits.dnsNames - 1).answers).toHaveLength(limits.dnsNames - 1);
    expect(() => many(limits.dnsNames)).toThrow("too many names");
  });
});

/** A message whose last name follows exactly `jumps` pointers, each to the one before it. */
function jumpChain(jumps: number): Uint8Array {
  const dataStart = 12 + 3 + 4 + 1 + 10;
  const links = Array.from({ length: jumps - 1 }, (_, index) =>
    u16(0xc000 | (index === 0 ? 12 : dataStart + (index - 1) * 2)),
  );
  const target = jumps === 1 ? 12 : dataStart + (jumps - 2) * 2;
  return dnsBytes({
    flags: RESPONSE,
    questions: [{ name: "a", type: 1 }],
    answers: [
      { name: ".", type: 65280, data: links.flat() },
      { name: [...u16(0xc000 | target)], type: 10, data: [] },
    ],
  });
}

describe("looksRight", () => {
  const looks = (bytes: Uint8Array) => dns.looksRight?.(bytes, 0, bytes.length);

  test.each([
    ["a query", dnsBytes({ questions: [{ name: HOST, type: 1 }] }), true],
    ["a response", dnsBytes({ flags: RESPONSE, questions: [{ name: HOST, type: 1 }] }), true],
    ["no question", dnsBytes({ flags: QUERY }), false],
    ["a reserved bit", dnsBytes({ flags: 0x0140, questions: [{ name: HOST, type: 1 }] }), false],
    ["an error code in a query", dnsBytes({ flags: 0x0103, questions: [{ name: HOST, type: 1 }] }), false],
    ["text", Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), false],
  ])("%s", (_, bytes, expected) => {
    expect(looks(bytes)).toBe(expected);
  });
});
