import { der, field, flags, int, join, name, octets, seq, str } from "../dissectors/asn1/build.ts";

/** Kerberos messages as DER, with ciphertext that is random to a reader and the same in every run. */
export type Der = Uint8Array;

export const REALM = "CONTOSO.COM";
const AES256 = 18;

/** A ticket for `sname`; `issue` tells one ticket from another for the same service. */
export interface TicketWish {
  readonly realm?: string;
  readonly issue?: number;
  readonly etype?: number;
  readonly kvno?: number;
  /** Bytes of cipher. */
  readonly size?: number;
  /** What the cipher depends on, where it is not the name: the same ticket under another spelling. */
  readonly sealedFor?: string;
}

export function ticket(sname: string, wish: TicketWish = {}): Der {
  const { realm = REALM, issue = 1, etype = AES256, kvno = 2, size = 240, sealedFor = sname } = wish;
  const sealed = seq(
    field(0, int(etype)),
    field(1, int(kvno)),
    field(2, octets(noise(`${sealedFor}@${realm}#${issue}`, size))),
  );
  const body = seq(field(0, int(5)), field(1, str(realm)), field(2, principal(sname)), field(3, sealed));
  return der(0x61, body);
}

/** `length` bytes that depend on `seed` alone (xorshift). */
export function noise(seed: string, length: number): Uint8Array {
  let state = [...seed].reduce(
    (hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193),
    0x811c9dc5,
  );
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  });
}

function principal(full: string): Der {
  const parts = full.split("/");
  return name(parts.length > 1 ? 2 : 1, ...parts);
}

function sealed(seed: string, length: number): Der {
  return seq(field(0, int(AES256)), field(2, octets(noise(seed, length))));
}

const time = (text: string) => der(0x18, new TextEncoder().encode(text));

export interface RequestWish {
  readonly realm?: string;
  readonly nonce?: number;
  readonly etypes?: readonly number[];
  readonly options?: number;
  /** PA-FOR-USER: S4U2self in the name of this user. */
  readonly forUser?: string;
  /** The evidence ticket of an S4U2proxy; sets cname-in-addl-tkt too. */
  readonly evidence?: Der;
  /** The TGT presented, for the client's own of that realm. */
  readonly tgt?: Der;
  /** PA-PAC-OPTIONS with the bit of resource-based constrained delegation. */
  readonly rbcd?: boolean;
}

const CNAME_IN_ADDL_TKT = 1 << (31 - 14);

function body(cname: string | null, sname: string, wish: RequestWish): Der {
  const options = (wish.options ?? 0x40810000) | (wish.evidence ? CNAME_IN_ADDL_TKT : 0);
  return field(
    4,
    seq(
      field(0, flags(options)),
      ...(cname === null ? [] : [field(1, principal(cname))]),
      field(2, str(wish.realm ?? REALM)),
      field(3, principal(sname)),
      field(5, time("20370913024805Z")),
      field(7, int(wish.nonce ?? 1)),
      field(8, seq(...(wish.etypes ?? [18, 17, 23]).map(int))),
      ...(wish.evidence ? [field(11, seq(wish.evidence))] : []),
    ),
  );
}

function padata(type: number, value: Der): Der {
  return seq(field(1, int(type)), field(2, octets(value)));
}

export interface AsWish extends RequestWish {
  readonly cname?: string;
  readonly sname?: string;
  /** Carries PA-ENC-TIMESTAMP. */
  readonly proof?: boolean;
  /** Types of further padata, with noise as value. */
  readonly padata?: readonly number[];
  /** PA-PK-AS-REQ: the sign-on of a smart card. */
  readonly pkinit?: boolean;
  /** PA-FX-FAST, armoured with the computer's ticket. */
  readonly fast?: boolean;
}

export function asReq(wish: AsWish = {}): Der {
  const { cname = "John", realm = REALM, proof = false } = wish;
  const stamp = proof ? [padata(2, sealed("timestamp", 56))] : [];
  const special = [
    ...(wish.pkinit === true ? [padata(16, pkAsReq())] : []),
    ...(wish.fast === true ? [padata(136, fastRequest(realm))] : []),
  ];
  const others = (wish.padata ?? []).map((type) => padata(type, noise(`pa${type}`, 40)));
  const list = field(
    3,
    seq(...stamp, ...special, ...others, padata(128, seq(field(0, der(0x01, Uint8Array.of(255)))))),
  );
  const fields = [field(1, int(5)), field(2, int(10)), list, body(cname, wish.sname ?? `krbtgt/${realm}`, wish)];
  return der(0x6a, seq(...fields));
}

/** The TGT lies in PA-TGS-REQ; `realm` is the one that is asked, so that the TGT is one of it. */
export function tgsReq(sname: string, wish: RequestWish = {}): Der {
  const tgt = padata(1, apReq(wish.tgt ?? ticket(`krbtgt/${wish.realm ?? REALM}`)));
  const self = wish.forUser === undefined ? [] : [padata(129, forUser(wish.forUser))];
  const options = wish.rbcd === true ? [padata(167, seq(field(0, flags(0x10000000))))] : [];
  const list = field(3, seq(tgt, ...self, ...options));
  return der(0x6c, seq(field(1, int(5)), field(2, int(12)), list, body(null, sname, wish)));
}

function forUser(user: string): Der {
  const checksum = seq(field(0, int(-138)), field(1, octets(noise(user, 16))));
  return seq(field(0, name(10, user)), field(1, str(REALM)), field(2, checksum), field(3, str("Kerberos")));
}

export function reply(kind: "AS-REP" | "TGS-REP", issued: Der, cname = "John", crealm = REALM): Der {
  const [tag, type] = kind === "AS-REP" ? [0x6b, 11] : [0x6d, 13];
  const who = [field(3, str(crealm)), field(4, principal(cname))];
  const fields = [field(0, int(5)), field(1, int(type)), ...who, field(5, issued), field(6, sealed("reply", 180))];
  return der(tag, seq(...fields));
}

const oid = (...octetsOf: readonly number[]) => der(0x06, Uint8Array.from(octetsOf));
const SIGNED_DATA = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2);
const PKINIT_AUTH_DATA = oid(0x2b, 6, 1, 5, 2, 3, 1);

/** PA-PK-AS-REQ (RFC 4556 section 3.2.1) around a CMS SignedData without certificates. */
function pkAsReq(): Der {
  const authenticator = [field(0, int(42)), field(1, time("20261118110640Z")), field(2, int(7))];
  const authPack = seq(field(0, seq(...authenticator, field(3, octets(noise("paChecksum", 20))))));
  const content = seq(PKINIT_AUTH_DATA, field(0, octets(authPack)));
  const signed = seq(int(3), der(0x31), content, der(0x31));
  return seq(der(0x80, seq(SIGNED_DATA, field(0, signed))));
}

/** PA-FX-FAST-REQUEST (RFC 6113 section 5.4.2). */
function fastRequest(realm: string): Der {
  const armor = seq(field(0, int(1)), field(1, octets(apReq(ticket(`krbtgt/${realm}`)))));
  const checksum = seq(field(0, int(16)), field(1, octets(noise("req-checksum", 12))));
  return field(0, seq(field(0, armor), field(1, checksum), field(2, sealed("enc-fast-req", 300))));
}

export interface ErrorWish {
  readonly sname?: string;
  readonly realm?: string;
  readonly cname?: string;
  /** Of MS-ERREF. */
  readonly ntStatus?: number;
  /** How e-data carries it: KERB-ERROR-DATA, or an entry of METHOD-DATA. */
  readonly form?: "extended" | "list";
  /** Flags beside it: 1 after an AS-REQ, 3 after a TGS-REQ. */
  readonly statusFlags?: number;
  /** e-data that holds no status. */
  readonly data?: Der;
  /** Realm of the client; without a name it stands alone, as in a referral of RFC 6806. */
  readonly crealm?: string;
  readonly etext?: string;
  readonly stime?: string;
}

export function krbError(code: number, wish: ErrorWish = {}): Der {
  const data = wish.data ?? statusData(wish);
  return der(
    0x7e,
    seq(
      field(0, int(5)),
      field(1, int(30)),
      field(4, time(wish.stime ?? "20261118110640Z")),
      field(5, int(123456)),
      field(6, int(code)),
      ...clientOf(wish),
      field(9, str(wish.realm ?? REALM)),
      field(10, principal(wish.sname ?? `krbtgt/${REALM}`)),
      ...(wish.etext === undefined ? [] : [field(11, str(wish.etext))]),
      ...(data === null ? [] : [field(12, octets(data))]),
    ),
  );
}

function clientOf({ cname, crealm, realm = REALM }: ErrorWish): Der[] {
  const who = cname === undefined ? [] : [field(8, principal(cname))];
  return cname === undefined && crealm === undefined ? [] : [field(7, str(crealm ?? realm)), ...who];
}

/** KERB-EXT-ERROR (MS-KILE section 2.2.1) in one of the forms in which it travels. */
function statusData({ ntStatus, statusFlags = 1, form = "extended" }: ErrorWish): Der | null {
  if (ntStatus === undefined) return null;
  const words = new DataView(new ArrayBuffer(12));
  words.setUint32(0, ntStatus, true);
  words.setUint32(8, statusFlags, true);
  const entry = padata(3, new Uint8Array(words.buffer));
  return form === "extended" ? entry : seq(padata(19, etypeInfo()), entry);
}

/** ETYPE-INFO2 with the salt of John's password. */
function etypeInfo(): Der {
  return seq(seq(field(0, int(AES256)), field(1, str(`${REALM}John`))));
}

/** METHOD-DATA of KDC_ERR_PREAUTH_REQUIRED. */
export const methodData = (): Der =>
  seq(padata(19, etypeInfo()), padata(2, new Uint8Array(0)), padata(16, new Uint8Array(0)));

/** KERB-ERROR-DATA of a clock that is to be corrected: KERB_AP_ERR_TYPE_SKEW_RECOVERY, without a value. */
export const skewRecovery = (): Der => seq(field(1, int(2)));

/** `proof`: bytes of the encrypted authenticator. */
export function apReq(presented: Der, proof = 190): Der {
  const fields = [field(0, int(5)), field(1, int(14)), field(2, flags(0x20000000)), field(3, presented)];
  return der(0x6e, seq(...fields, field(4, sealed("authenticator", proof))));
}

export function apRep(proof = 100): Der {
  return der(0x6f, seq(field(0, int(5)), field(1, int(15)), field(2, sealed("ap-rep", proof))));
}

/** RFC 4120 section 7.2.2. */
export function framed(message: Der): Der {
  return join(new Uint8Array([0, 0, message.length >> 8, message.length & 255]), message);
}
