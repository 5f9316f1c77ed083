import { der, field, flags, int, join, name, seq, str } from "../dissectors/asn1/build.ts";
import { Random } from "../whole/random.ts";
import { dnsQuery, prefixed } from "./messages.ts";
import { ACK, PSH_ACK, type Sink, SYN, Talk, TEN, Wire } from "./wire.ts";

/** Captures that aim at memory and time: each makes `count` of something that never comes to an end. */
export type Attack = (sink: Sink, count: number) => void;

export const SERVER = TEN + 0x640001;
export const utf8 = (text: string) => new TextEncoder().encode(text);

/** Frames made by `each` for 0 … count − 1. */
export const repeated =
  (each: (wire: Wire, number: number) => void): Attack =>
  (sink, count) => {
    const wire = new Wire(sink);
    for (let number = 0; number < count; number++) each(wire, number);
    wire.end();
  };

const ends = (number: number, serverPort: number) => {
  return { client: TEN + 0x10000 + (number >> 3), server: SERVER, clientPort: 1_024 + (number % 60_000), serverPort };
};

/** An AS-REQ whose strings have so many letters. */
function asReq(user: string, letters: number): Uint8Array {
  const realm = "R".repeat(letters);
  const body = [field(0, flags(0)), field(1, name(1, user)), field(2, str(realm)), field(3, name(2, "krbtgt", realm))];
  const times = [field(5, der(0x18, utf8("20370913024805Z"))), field(7, int(77)), field(8, seq(int(18)))];
  return der(0x6a, seq(field(1, int(5)), field(2, int(10)), field(4, seq(...body, ...times))));
}

/** An AS-REQ whose user has a name of so many empty parts. */
function hollow(elements: number): Uint8Array {
  const parts = Array.from({ length: elements }, () => str(""));
  const cname = seq(field(0, int(1)), field(1, seq(...parts)));
  return der(0x6a, seq(field(1, int(5)), field(2, int(10)), field(4, seq(field(0, flags(0)), field(1, cname)))));
}

const endlessMessage = prefixed(asReq("user", 29_000));
const beginning = endlessMessage.subarray(0, 600);
const longBeginning = endlessMessage.subarray(0, 28_000);

const hollowMessage = hollow(700);
const hugeLength = Uint8Array.of(0x6a, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30, 0x84, 0xff, 0xff, 0xff, 0xff);
const hugeLengths: readonly ((number: number) => readonly [number, Uint8Array])[] = [
  () => [88, prefixed(new Uint8Array(100), 0xffff_ffff)],
  () => [88, prefixed(hugeLength, 0x7fff_ffff)],
  () => [88, prefixed(hugeLength)],
  () => [80, utf8("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4294967296\r\n\r\nx")],
  () => [80, utf8("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nx")],
  () => [80, utf8("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\nx")],
  () => [445, join(Uint8Array.of(0, 0xff, 0xff, 0xff), utf8("\xfeSMB"), new Uint8Array(60))],
  () => [389, hugeLength],
  () => [443, Uint8Array.of(22, 3, 1, 0xff, 0xff, 1, 0xff, 0xff, 0xff, 3, 3)],
];

const challengeText = "HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n";

export const attacks = {
  "half-open Kerberos streams": repeated((wire, number) => new Talk(wire, ends(number, 88)).ask(beginning)),

  "half-open Kerberos streams, much in each": repeated((wire, number) => {
    new Talk(wire, ends(number, 88)).ask(longBeginning);
  }),

  "unfinished fragments": repeated((wire, number) => {
    wire.fragment(TEN + number, SERVER, 1 + (number % 65_535), 0, true, new Uint8Array(800).fill(88));
  }),

  "fragments in tiny pieces with holes": repeated((wire, number) => {
    wire.fragment(TEN + (number >> 12), SERVER, 1 + (number >> 12), (number % 4_096) * 16, true, new Uint8Array(8));
  }),

  "Kerberos messages of 700 empty elements": repeated((wire, number) => {
    if (number % 2 === 0) wire.udp(TEN + (number % 500), SERVER, 1_024 + (number % 60_000), 88, hollowMessage);
    else new Talk(wire, ends(number, 88)).ask(prefixed(hollowMessage));
  }),

  "lengths of 4 GB": repeated((wire, number) => {
    const [port, bytes] = hugeLengths[number % hugeLengths.length]?.(number) ?? [88, hugeLength];
    const talk = new Talk(wire, ends(number, port));
    talk.ask(bytes);
    talk.ask(bytes);
  }),

  SYNs: repeated((wire, number) => {
    const client = TEN + (Math.imul(number, 2_654_435) % 0x800000);
    wire.tcp(
      { client, server: SERVER + (number % 1_000), clientPort: 1_024 + (number % 60_000), serverPort: 80 },
      true,
      SYN,
      number,
      0,
    );
  }),

  "SYNs of one client": repeated((wire, number) => {
    wire.tcp(
      { client: TEN + 1, server: SERVER + (number >> 6), clientPort: 1_024 + (number % 60_000), serverPort: 80 },
      true,
      SYN,
      number,
      0,
    );
  }),

  "one endless HTTP header": (sink, count) => {
    const wire = new Wire(sink);
    const talk = new Talk(wire, ends(1, 80));
    talk.ask(utf8("GET / HTTP/1.1\r\nHost: a\r\n"));
    for (let number = 0; number < count; number++) talk.ask(utf8(`X-${number}: ${"y".repeat(1_000)}\r\n`));
    wire.end();
  },

  "one endless pipelined stream": (sink, count) => {
    const wire = new Wire(sink);
    const talk = new Talk(wire, ends(1, 80));
    for (let number = 0; number < count; number++) talk.ask(utf8(`GET /${number} HTTP/1.1\r\nHost: a\r\n\r\n`));
    wire.end();
  },

  "one endless stream of challenges": (sink, count) => {
    const wire = new Wire(sink);
    const talk = new Talk(wire, ends(1, 80));
    for (let number = 0; number < count; number++) {
      talk.ask(utf8(`GET /${number} HTTP/1.1\r\nHost: h${number}.example.com\r\n\r\n`));
      talk.answer(utf8(challengeText));
    }
    wire.end();
  },

  "one endless chunked body": (sink, count) => {
    const wire = new Wire(sink);
    const talk = new Talk(wire, ends(1, 80));
    talk.ask(utf8("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (let number = 0; number < count; number++) talk.ask(utf8("1\r\nx\r\n"));
    wire.end();
  },

  "segments behind a hole": repeated((wire, number) => {
    const one = ends(number >> 6, 80);
    const turn = number % 64;
    if (turn === 0) new Talk(wire, one).ask(utf8("GET / HTTP/1.1\r\n"));
    else wire.tcp(one, true, PSH_ACK, 1_100 + turn * 1_000, 2_001, new Uint8Array(900).fill(65));
  }),

  "names that nobody answers": repeated((wire, number) => {
    wire.udp(
      TEN + (number % 4_000),
      SERVER,
      1_024 + (number % 60_000),
      53,
      dnsQuery(number & 0xffff, `n${number}.example.com`),
    );
  }),

  "sign-ons without an answer": repeated((wire, number) => {
    wire.udp(TEN + (number % 4_000), SERVER, 1_024 + (number % 60_000), 88, asReq(`u${number}`, 20));
  }),

  "sign-ons with very long names": repeated((wire, number) => {
    new Talk(wire, ends(number, 88)).ask(prefixed(asReq(`u${number}`, 29_000)));
  }),

  "requests with very long headers": repeated((wire, number) => {
    const talk = new Talk(wire, ends(number, 80));
    const long = "z".repeat(2_000);
    talk.ask(utf8(`GET /${number}${long} HTTP/1.1\r\nHost: h${number}${long}\r\nUser-Agent: ${number}${long}\r\n\r\n`));
    talk.answer(utf8(challengeText));
  }),

  "clients that come and go": repeated((wire, number) => {
    const talk = new Talk(wire, { client: TEN + number, server: SERVER, clientPort: 1_024, serverPort: 80 });
    talk.ask(utf8("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n"));
    talk.answer(utf8(challengeText));
  }),

  "frames of noise": (sink, count) => {
    const wire = new Wire(sink);
    const random = new Random(3);
    for (let number = 0; number < count; number++) {
      const port = [53, 88, 389, 80, 445, 443, 464][number % 7] ?? 88;
      const noise = random.bytes(200);
      if (number % 2 === 0) wire.udp(TEN + (number % 99), SERVER, 40_000 + (number % 99), port, noise);
      else wire.tcp(ends(number % 500, port), true, ACK, number * 200, 1, noise);
    }
    wire.end();
  },
} as const satisfies Readonly<Record<string, Attack>>;

/** A pcapng section header and an interface, little-endian. */
const section: readonly number[] = [
  ...[0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0],
  ...[255, 255, 255, 255, 255, 255, 255, 255, 28, 0, 0, 0],
  ...[1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0],
];

/** Damage of the file itself: lengths that no file keeps. */
export const brokenFiles = {
  "a pcap record of 4 GB": brokenPcap(0xffff_ffff),
  "a pcap record of 2 GB": brokenPcap(0x8000_0000),
  "a pcapng block of 4 GB": Uint8Array.of(...section, ...[6, 0, 0, 0, 0xfc, 0xff, 0xff, 0xff], ...new Uint8Array(400)),
  "a pcapng section header of 4 GB": Uint8Array.of(...section.slice(0, 4), 0xfc, 0xff, 0xff, 0xff, ...section.slice(8)),
} as const;

function brokenPcap(length: number): Uint8Array {
  const words = new DataView(new ArrayBuffer(24 + 16 + 1_000));
  [0xa1b2c3d4, 0x00040002, 0, 0, 65_535, 1, 1_700_000_000, 0, length, length].forEach((word, at) => {
    words.setUint32(at * 4, word, true);
  });
  return new Uint8Array(words.buffer);
}
