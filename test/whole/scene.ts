import { pcap } from "../capture/build.ts";
import { der, field, flags, int, join, name, octets, seq, str } from "../dissectors/asn1/build.ts";
import { dnsBytes, QUERY, RESPONSE } from "../dissectors/dns/message.ts";
import { Conversation } from "../net/conversation.ts";
import { be16, be32, type Captured, ethernet, ipv4, udp } from "../net/packets.ts";

/** One small login whose every name can be chosen: DNS, an anonymous request, a refused ticket, NTLM at last. */
export interface Names {
  readonly host: string;
  readonly realm: string;
  readonly user: string;
  readonly service: string;
  readonly agent: string;
  readonly text: string;
}

const client = "10.0.0.1";
const web = "10.0.0.2";
const kdc = "10.0.0.3";
const resolver = "10.0.0.4";

export function scene(names: Names, code = 7): Uint8Array {
  return toPcap([
    ...lookup(names),
    ...talk(40_000, web, 80, [request(names), unauthorized]),
    ...talk(40_001, kdc, 88, [prefixed(tgsReq(names)), prefixed(krbError(names, code))]),
    ...talk(40_002, web, 80, [
      request(names, ntlmNegotiate),
      ntlmChallenge(names),
      request(names, ntlm(names)),
      refused,
    ]),
  ]);
}

/** A sign-on that the KDC refuses. */
export function signOn(names: Names, code = 18): Uint8Array {
  return toPcap(talk(40_003, kdc, 88, [prefixed(asReq(names)), prefixed(krbError(names, code))]));
}

function toPcap(frames: readonly Captured[]): Uint8Array {
  return pcap(
    frames.map(({ bytes }, at) => ({
      seconds: 1_700_000_000,
      fraction: at * 10,
      data: Uint8Array.from(bytes),
    })),
  );
}

function lookup({ host }: Names): Captured[] {
  // A label holds 63 bytes; longer names are made of several.
  const label = utf8(host).slice(0, 63);
  const question = { name: [label.length, ...label, 0], type: 1 };
  const query = dnsBytes({ flags: QUERY, questions: [question] });
  const answers = [{ name: [0xc0, 0x0c], type: 1, data: [10, 0, 0, 2] }];
  const response = dnsBytes({ flags: RESPONSE, questions: [question], answers });
  return [datagram(client, resolver, 50_000, 53, query), datagram(resolver, client, 53, 50_000, response)];
}

function datagram(src: string, dst: string, sport: number, dport: number, payload: Uint8Array): Captured {
  return { bytes: ethernet(0x0800, ipv4({ src, dst, protocol: 17 }, udp(sport, dport, [...payload]))) };
}

const SEGMENT = 1_400;

/** A connection on which the ends speak in turns, the client first. */
function talk(clientPort: number, server: string, serverPort: number, turns: readonly Uint8Array[]): Captured[] {
  const ends = new Conversation({ client, server, clientPort, serverPort });
  const sent = [0, 0];
  const frames = [...ends.handshake()];
  turns.forEach((turn, at) => {
    const side = at % 2;
    for (let from = 0; from < turn.length; from += SEGMENT) {
      const piece = [...turn.subarray(from, from + SEGMENT)];
      const [own = 0, other = 0] = [sent[side], sent[1 - side]];
      frames.push(side === 0 ? ends.client("PA", own, other, piece) : ends.server("PA", own, other, piece));
      sent[side] = own + piece.length;
    }
  });
  return frames;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** `token` in base64. */
function request({ host, agent }: Names, token?: string): Uint8Array {
  const authorization = token === undefined ? "" : `Authorization: NTLM ${token}\r\n`;
  return utf8(`GET / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${agent}\r\n${authorization}\r\n`);
}

const unauthorized = utf8(
  "HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n",
);
const refused = utf8("HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n");

function prefixed(message: Uint8Array): Uint8Array {
  return join(Uint8Array.from(be32(message.length)), message);
}

const cipher = seq(field(0, int(18)), field(2, octets(new Uint8Array(64).fill(7))));
const until = field(5, der(0x18, utf8("20370913024805Z")));
const wanted = [until, field(7, int(77)), field(8, seq(int(18)))];

function asReq({ user, realm }: Names): Uint8Array {
  const body = [flags(0x40810010), field(1, name(1, user)), field(2, str(realm)), field(3, name(2, "krbtgt", realm))];
  return kdcReq(10, [field(0, body[0] ?? str("")), ...body.slice(1), ...wanted]);
}

function tgsReq({ realm, service }: Names): Uint8Array {
  const ticket = der(
    0x61,
    seq(field(0, int(5)), field(1, str(realm)), field(2, name(2, "krbtgt", realm)), field(3, cipher)),
  );
  const ap = [field(0, int(5)), field(1, int(14)), field(2, flags(0)), field(3, ticket), field(4, cipher)];
  const padata = seq(seq(field(1, int(1)), field(2, octets(der(0x6e, seq(...ap))))));
  const sname = name(2, ...service.split("/"));
  return kdcReq(12, [field(0, flags(0x40810000)), field(2, str(realm)), field(3, sname), ...wanted], field(3, padata));
}

function kdcReq(type: number, body: readonly Uint8Array[], padata: Uint8Array = new Uint8Array(0)): Uint8Array {
  return der(0x60 | type, seq(field(1, int(5)), field(2, int(type)), padata, field(4, seq(...body))));
}

function krbError({ realm, service, user, text }: Names, code: number): Uint8Array {
  const head = [field(0, int(5)), field(1, int(30)), field(4, der(0x18, utf8("20231114221320Z"))), field(5, int(1))];
  const who = [field(6, int(code)), field(7, str(realm)), field(8, name(1, user)), field(9, str(realm))];
  return der(0x7e, seq(...head, ...who, field(10, name(2, ...service.split("/"))), field(11, str(text))));
}

const le16 = (value: number) => [...be16(value)].reverse();
const le32 = (value: number) => [...be32(value)].reverse();
const utf16 = (text: string) => [...text].flatMap((c) => [...c]).flatMap((c) => le16(c.charCodeAt(0)));
const base64 = (bytes: readonly number[]) => Buffer.from(bytes).toString("base64");
const signature = [...utf8("NTLMSSP\0")];
const NTLM_FLAGS = 0xe2088297;

const ntlmNegotiate = base64([...signature, ...le32(1), ...le32(NTLM_FLAGS), ...new Array<number>(24).fill(0)]);

function ntlmChallenge({ realm }: Names): Uint8Array {
  const target = utf16(realm);
  const place = [...le16(target.length), ...le16(target.length), ...le32(56)];
  const middle = [
    ...le32(NTLM_FLAGS),
    ...new Array<number>(16).fill(1),
    ...le16(0),
    ...le16(0),
    ...le32(56 + target.length),
  ];
  const token = [...signature, ...le32(2), ...place, ...middle, ...new Array<number>(8).fill(0), ...target];
  return utf8(`HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM ${base64(token)}\r\nContent-Length: 0\r\n\r\n`);
}

function ntlm({ realm, user, host }: Names): string {
  const texts = [
    new Array<number>(24).fill(1),
    new Array<number>(24).fill(2),
    utf16(realm),
    utf16(user),
    utf16(host),
    [],
  ];
  let at = 88;
  const places = texts.flatMap((bytes) => {
    const place = [...le16(bytes.length), ...le16(bytes.length), ...le32(at)];
    at += bytes.length;
    return place;
  });
  return base64([
    ...signature,
    ...le32(3),
    ...places,
    ...le32(NTLM_FLAGS),
    ...new Array<number>(24).fill(0),
    ...texts.flat(),
  ]);
}
