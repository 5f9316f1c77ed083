import { der, field, flags, int, join, name, octets, seq, str } from "../dissectors/asn1/build.ts";
import { type Attack, repeated, SERVER, utf8 } from "./attacks.ts";
import { asReq, dnsQuery, krbError, prefixed, reply, tgsReq, type Who } from "./messages.ts";
import { ACK, RST, SYN, Talk, TEN, Wire } from "./wire.ts";

/** Captures of well-formed messages that nobody would send: long lists, long texts, and thousands of one thing. */

const word = (number: number) => Uint8Array.of(number >>> 8, number);
const portOf = (number: number) => 1_024 + (number % 60_000);
const whoOf = (number: number): Who => ({ realm: "EXAMPLE.COM", user: `u${number}`, web: `w${number}.example.com` });

const talkOf = (wire: Wire, client: number, number: number, serverPort: number) =>
  new Talk(wire, { client: TEN + client, server: SERVER, clientPort: portOf(number), serverPort });

const refused = "Content-Length: 0\r\n\r\n";

function asksHttp(wire: Wire, number: number, challenges: string): void {
  const talk = talkOf(wire, number, number, 80);
  talk.ask(utf8(`GET /${number} HTTP/1.1\r\nHost: a.example.com\r\n\r\n`));
  talk.answer(utf8(`HTTP/1.1 401 No\r\n${challenges}${refused}`));
}

/** A question for SRV records. */
function srvQuery(number: number): Uint8Array {
  const query = dnsQuery(number & 0xffff, `_ldap._tcp.dc._msdcs.d${number}.example.com`);
  query[query.length - 3] = 33;
  return query;
}

/** Its answer: so many domain controllers. */
function srvAnswer(number: number, records: number): Uint8Array {
  const query = srvQuery(number);
  const head = join(query.subarray(0, 2), Uint8Array.of(0x81, 0x80, 0, 1), word(records), new Uint8Array(4));
  const answers = Array.from({ length: records }, (_, at) => {
    const target = join(Uint8Array.of(6), utf8(`d${`${at}`.padStart(5, "0")}`), Uint8Array.of(0xc0, 12));
    const fixed = Uint8Array.of(0xc0, 12, 0, 33, 0, 1, 0, 0, 2, 88);
    return join(fixed, word(6 + target.length), Uint8Array.of(0, 0, 0, 100, 0, 88), target);
  });
  return join(head, query.subarray(12), ...answers);
}

const behindLength = (message: Uint8Array) => join(word(message.length), message);

/** A TGS-REP whose ticket is sealed in so many bytes. */
function largeReply(number: number, bytes: number): Uint8Array {
  const sealed = (length: number) => seq(field(0, int(18)), field(2, octets(new Uint8Array(length))));
  const names = [field(1, str("EXAMPLE.COM")), field(2, name(2, "HTTP", `w${number}.example.com`))];
  const ticket = der(0x61, seq(field(0, int(5)), ...names, field(3, sealed(bytes))));
  const head = [field(0, int(5)), field(1, int(13)), field(3, str("EXAMPLE.COM")), field(4, name(1, `u${number}`))];
  return der(0x6d, seq(...head, field(5, ticket), field(6, sealed(280))));
}

/** A KRB-ERROR with a realm and a text of so many letters. */
function wordyError(number: number, letters: number): Uint8Array {
  const realm = "R".repeat(letters);
  const head = [field(0, int(5)), field(1, int(30)), field(4, der(0x18, utf8("20261120093017Z"))), field(5, int(1))];
  const names = [field(9, str(realm)), field(10, name(2, "krbtgt", realm))];
  return der(0x7e, seq(...head, field(6, int(24)), ...names, field(11, str(`${number}`.padEnd(letters, "t")))));
}

/** An AS-REQ that offers so many encryption types, no two requests the same. */
function manyTypes(number: number, types: number): Uint8Array {
  const names = [
    field(1, name(1, `u${number}`)),
    field(2, str("EXAMPLE.COM")),
    field(3, name(2, "krbtgt", "EXAMPLE.COM")),
  ];
  const times = [field(5, der(0x18, utf8("20370913024805Z"))), field(7, int(77))];
  const etypes = Array.from({ length: types }, (_, at) => int(at + number));
  const body = seq(field(0, flags(0)), ...names, ...times, field(8, seq(...etypes)));
  return der(0x6a, seq(field(1, int(5)), field(2, int(10)), field(4, body)));
}

export const forgeries = {
  "thousands of WWW-Authenticate fields": repeated((wire, number) => {
    const fields = Array.from({ length: 1_400 }, (_, at) => `WWW-Authenticate: X${at + number} realm="r${at}"\r\n`);
    asksHttp(wire, number, fields.join(""));
  }),

  "a WWW-Authenticate of thousands of schemes": repeated((wire, number) => {
    const schemes = Array.from({ length: 6_000 }, (_, at) => `S${(at + number) % 10_000}`);
    asksHttp(wire, number, `WWW-Authenticate: Negotiate, ${schemes.join(", ")}\r\n`);
  }),

  "DNS answers of 2 000 records": repeated((wire, number) => {
    const talk = talkOf(wire, number, number, 53);
    talk.ask(behindLength(srvQuery(number)));
    talk.answer(behindLength(srvAnswer(number, 2_000)));
  }),

  "tickets of 64 KB": repeated((wire, number) => {
    const talk = talkOf(wire, number, number, 88);
    talk.ask(prefixed(tgsReq(whoOf(number))));
    talk.answer(prefixed(largeReply(number, 64_000)));
  }),

  "errors with very long texts": repeated((wire, number) => {
    wire.udp(SERVER, TEN + number, 88, portOf(number), wordyError(number, 15_000));
  }),

  "requests with 400 encryption types": repeated((wire, number) => {
    wire.udp(TEN + (number % 4_000), SERVER, portOf(number), 88, manyTypes(number, 400));
  }),

  "anonymous requests with long paths": repeated((wire, number) => {
    const talk = talkOf(wire, number % 1_500, number, 80);
    talk.ask(utf8(`GET /${number}${"p".repeat(1_300)} HTTP/1.1\r\nHost: h${number}\r\n\r\n`));
    talk.answer(utf8(`HTTP/1.1 200 OK\r\n${refused}`));
  }),

  "clients of one service each": repeated((wire, number) => {
    const talk = talkOf(wire, number, number, 88);
    talk.ask(prefixed(tgsReq(whoOf(number))));
    talk.answer(prefixed(reply(13, whoOf(number))));
    talk.close();
  }),

  "one client with services without end": repeated((wire, number) => {
    wire.udp(TEN + 1, SERVER, portOf(number), 88, tgsReq(whoOf(number)));
    wire.udp(SERVER, TEN + 1, 88, portOf(number), krbError(whoOf(number), 7));
  }),

  "names that nobody answers one client": repeated((wire, number) => {
    wire.udp(TEN + 1, SERVER, portOf(number), 53, dnsQuery(number & 0xffff, `n${number}.example.com`));
  }),

  "one SYN again and again": repeated((wire) => {
    wire.tcp({ client: TEN + 1, server: SERVER, clientPort: 2_000, serverPort: 80 }, true, SYN, 1_000, 0);
  }),

  "SYNs that are refused": repeated((wire, number) => {
    const ends = { client: TEN + number, server: SERVER, clientPort: 2_000, serverPort: 80 };
    wire.tcp(ends, true, SYN, 1_000, 0);
    wire.tcp(ends, false, RST | ACK, 0, 1_001);
  }),

  "time that runs backwards": (sink, count) => {
    const wire = new Wire(sink);
    wire.wait(count * 2_000_000);
    for (let number = 0; number < count; number++) {
      wire.wait(-1_000_010);
      wire.udp(TEN + (number % 4_000), SERVER, portOf(number), 88, asReq(whoOf(number), false));
    }
    wire.end();
  },
} as const satisfies Readonly<Record<string, Attack>>;
