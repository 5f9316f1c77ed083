import { Random } from "../whole/random.ts";
import {
  accepted,
  asReq,
  challenge,
  dnsAnswer,
  dnsQuery,
  get,
  krbError,
  prefixed,
  reply,
  tgsReq,
  type Who,
} from "./messages.ts";
import { ACK, RST, type Sink, SYN, Talk, TEN, Wire } from "./wire.ts";

/** Ordinary traffic in quantity: the captures that speed is measured on. */

export interface Made {
  readonly frames: number;
  readonly bytes: number;
  readonly logins: number;
}

const KDC = TEN + 0x640001;
const DNS = TEN + 0x640101;
const WEB = TEN + 0xc80000;

/** The same logins in a capture that lost one frame of fifty. */
export function lossy(sink: Sink, count: number): Made {
  return logins(sink, count, 50);
}

/** `count` complete logins, one after the other: name, sign-on, ticket, challenge, token. */
export function logins(sink: Sink, count: number, lossEvery = 0): Made {
  const wire = new Wire(sink);
  wire.lossEvery = lossEvery;
  for (let number = 0; number < count; number++) login(wire, number);
  wire.end();
  return { frames: wire.frames, bytes: wire.bytes, logins: count };
}

/** Who logs on as the `number`-th. */
export function whoOf(number: number): Who {
  const domain = `site${number % 5}.example.com`;
  return { realm: domain.toUpperCase(), user: `user${number % 2_000}`, web: `web${number % 300}.${domain}` };
}

function login(wire: Wire, number: number): void {
  const who = whoOf(number);
  const client = TEN + 0x10000 + (number % 50_000);
  const server = WEB + (number % 300);
  const port = 20_000 + ((number * 4) % 40_000);
  const exchange = (at: number, dst: number, dport: number, question: Uint8Array, answer: Uint8Array) => {
    wire.udp(client, dst, at, dport, question);
    wire.wait(300);
    wire.udp(dst, client, dport, at, answer);
    wire.wait(300);
  };
  exchange(port, DNS, 53, dnsQuery(number & 0xffff, who.web), dnsAnswer(number & 0xffff, who.web, server));
  exchange(port, KDC, 88, asReq(who, false), krbError(who, 25));
  exchange(port + 1, KDC, 88, asReq(who, true), reply(11, who));
  const web = new Talk(wire, { client, server, clientPort: port + 2, serverPort: 80 });
  web.ask(get(who, false));
  web.answer(challenge);
  const kdc = new Talk(wire, { client, server: KDC, clientPort: port + 3, serverPort: 88 });
  kdc.ask(prefixed(tgsReq(who)));
  kdc.answer(prefixed(reply(13, who)));
  kdc.close();
  web.ask(get(who, true));
  web.answer(accepted);
  web.close();
}

const SEGMENT = 1_460;

/** So many MiB of encrypted and file traffic on forty connections, with a login now and then. */
export function bulk(sink: Sink, mebibytes: number): Made {
  const wire = new Wire(sink);
  const random = new Random(5);
  const filling = random.bytes(SEGMENT);
  const ends = Array.from({ length: 40 }, (_, at) => {
    return {
      client: TEN + 1_000 + at,
      server: WEB + at,
      clientPort: 50_000 + at,
      serverPort: at % 2 === 0 ? 443 : 445,
    };
  });
  const sent = ends.map(() => 0);
  let count = 0;
  for (let frame = 0; frame * (SEGMENT + 70) < mebibytes * 1_048_576; frame++) {
    const at = random.below(ends.length);
    const one = ends[at] ?? { client: 0, server: 0, clientPort: 0, serverPort: 0 };
    wire.tcp(one, false, ACK, sent[at] ?? 0, 1, filling);
    sent[at] = (sent[at] ?? 0) + SEGMENT;
    if (frame % 2 === 0) wire.tcp(one, true, ACK, 1, sent[at] ?? 0);
    if (frame % 4_000 === 0) login(wire, count++);
  }
  wire.end();
  return { frames: wire.frames, bytes: wire.bytes, logins: count };
}

/** `count` short connections: never answered, refused, or one small request. */
export function flows(sink: Sink, count: number): Made {
  const wire = new Wire(sink);
  const who: Who = { realm: "EXAMPLE.COM", user: "u", web: "web.example.com" };
  const question = get(who, false);
  const answer = new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  for (let number = 0; number < count; number++) {
    const ends = {
      client: TEN + (number >> 4),
      server: WEB + (number % 4_096),
      clientPort: 1_024 + (number % 60_000),
      serverPort: 80,
    };
    if (number % 3 === 2) {
      const talk = new Talk(wire, ends);
      talk.ask(question);
      talk.answer(answer);
      talk.close();
      continue;
    }
    wire.tcp(ends, true, SYN, 1, 0);
    if (number % 3 === 1) wire.tcp(ends, false, RST | ACK, 0, 2);
  }
  wire.end();
  return { frames: wire.frames, bytes: wire.bytes, logins: 0 };
}

/** `count` names asked for and answered, and nothing else. */
export function names(sink: Sink, count: number): Made {
  const wire = new Wire(sink);
  for (let number = 0; number < count; number++) {
    const host = `host${number % 500}.example.com`;
    const client = TEN + 0x10000 + (number % 100);
    wire.udp(client, DNS, 1_024 + (number % 60_000), 53, dnsQuery(number & 0xffff, host));
    wire.udp(DNS, client, 53, 1_024 + (number % 60_000), dnsAnswer(number & 0xffff, host, WEB + (number % 500)));
  }
  wire.end();
  return { frames: wire.frames, bytes: wire.bytes, logins: 0 };
}

/** `count` packets: a name asked for, over and over. */
export function questions(sink: Sink, count: number): Made {
  const wire = new Wire(sink);
  const question = dnsQuery(1, "web.example.com");
  for (let number = 0; number < count; number++) wire.udp(TEN + 1, DNS, 50_000, 53, question);
  wire.end();
  return { frames: wire.frames, bytes: wire.bytes, logins: 0 };
}
