import { der, field, flags, int, join, name, octets, seq, str } from "../dissectors/asn1/build.ts";

/** Messages of a made-up domain: the fields that kflow reads, and seals of the usual length. */
export interface Who {
  readonly realm: string;
  readonly user: string;
  /** Host of the web server. */
  readonly web: string;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

function sealed(length: number, salt: string): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 7;
  for (const c of salt) state = Math.imul(state ^ c.charCodeAt(0), 0x01000193);
  for (let at = 0; at < length; at++) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    bytes[at] = state >>> 24;
  }
  return seq(field(0, int(18)), field(2, octets(bytes)));
}

function ticket(who: Who, ...sname: readonly string[]): Uint8Array {
  const cipher = sealed(1_000, sname.join("/") + who.user);
  return der(0x61, seq(field(0, int(5)), field(1, str(who.realm)), field(2, name(2, ...sname)), field(3, cipher)));
}

export function apReq(who: Who, salt: string, ...sname: readonly string[]): Uint8Array {
  const head = [field(0, int(5)), field(1, int(14)), field(2, flags(0x20000000))];
  return der(0x6e, seq(...head, field(3, ticket(who, ...sname)), field(4, sealed(200, salt))));
}

function request(type: 10 | 12, body: readonly Uint8Array[], padata: readonly Uint8Array[]): Uint8Array {
  const times = [field(5, der(0x18, utf8("20370913024805Z"))), field(7, int(77)), field(8, seq(int(18), int(17)))];
  const pa = padata.length === 0 ? [] : [field(3, seq(...padata))];
  return der(0x60 | type, seq(field(1, int(5)), field(2, int(type)), ...pa, field(4, seq(...body, ...times))));
}

export function asReq(who: Who, withProof: boolean): Uint8Array {
  const proof = seq(field(1, int(2)), field(2, octets(sealed(56, who.user))));
  const names = [field(1, name(1, who.user)), field(2, str(who.realm)), field(3, name(2, "krbtgt", who.realm))];
  return request(10, [field(0, flags(0x40810010)), ...names], withProof ? [proof] : []);
}

export function tgsReq(who: Who): Uint8Array {
  const proof = seq(field(1, int(1)), field(2, octets(apReq(who, "tgs", "krbtgt", who.realm))));
  const names = [field(2, str(who.realm)), field(3, name(2, "HTTP", who.web))];
  return request(12, [field(0, flags(0x40810000)), ...names], [proof]);
}

export function reply(type: 11 | 13, who: Who): Uint8Array {
  const sname = type === 11 ? ["krbtgt", who.realm] : ["HTTP", who.web];
  const names = [field(3, str(who.realm)), field(4, name(1, who.user)), field(5, ticket(who, ...sname))];
  return der(0x60 | type, seq(field(0, int(5)), field(1, int(type)), ...names, field(6, sealed(280, "part"))));
}

export function krbError(who: Who, code: number): Uint8Array {
  const head = [field(0, int(5)), field(1, int(30)), field(4, der(0x18, utf8("20261120093017Z"))), field(5, int(1))];
  const names = [field(9, str(who.realm)), field(10, name(2, "krbtgt", who.realm))];
  return der(0x7e, seq(...head, field(6, int(code)), ...names));
}

const spnego = Uint8Array.of(6, 6, 0x2b, 6, 1, 5, 5, 2);
const krb5 = Uint8Array.of(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2);
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

function initToken(who: Who): string {
  const token = der(0x60, krb5, Uint8Array.of(1, 0), apReq(who, "http", "HTTP", who.web));
  return base64(der(0x60, spnego, field(0, seq(field(0, seq(krb5)), field(2, octets(token))))));
}

export function apRep(salt: string): Uint8Array {
  return der(0x6f, seq(field(0, int(5)), field(1, int(15)), field(2, sealed(84, salt))));
}

function respToken(): string {
  const token = der(0x60, krb5, Uint8Array.of(2, 0), apRep("rep"));
  return base64(field(1, seq(field(0, der(0x0a, Uint8Array.of(0))), field(1, krb5), field(2, octets(token)))));
}

export function get(who: Who, withToken: boolean): Uint8Array {
  const authorization = withToken ? `Authorization: Negotiate ${initToken(who)}\r\n` : "";
  return utf8(`GET / HTTP/1.1\r\nHost: ${who.web}\r\nUser-Agent: bench\r\n${authorization}\r\n`);
}

export const challenge = utf8(
  "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 9\r\n\r\n<p>No</p>",
);
export const accepted = utf8(
  `HTTP/1.1 200 OK\r\nWWW-Authenticate: Negotiate ${respToken()}\r\nContent-Length: 9\r\n\r\n<p>Hi</p>`,
);

export function dnsQuery(id: number, host: string): Uint8Array {
  return join(Uint8Array.of(id >> 8, id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0), question(host));
}

export function dnsAnswer(id: number, host: string, address: number): Uint8Array {
  const head = Uint8Array.of(id >> 8, id, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0);
  const answer = Uint8Array.of(
    0xc0,
    12,
    0,
    1,
    0,
    1,
    0,
    0,
    2,
    88,
    0,
    4,
    ...[24, 16, 8, 0].map((bit) => address >>> bit),
  );
  return join(head, question(host), answer);
}

function question(host: string): Uint8Array {
  const labels = host.split(".").map((label) => join(Uint8Array.of(label.length), utf8(label)));
  return join(...labels, Uint8Array.of(0, 0, 1, 0, 1));
}

/** Behind the length that Kerberos and DNS put before a message over TCP. */
export function prefixed(message: Uint8Array, length = message.length): Uint8Array {
  return join(Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length), message);
}
