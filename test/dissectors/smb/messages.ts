import { join } from "../asn1/build.ts";
import { utf16 } from "../smb2/messages.ts";

/** SMB1 messages byte by byte: MS-CIFS section 2.2.4, MS-SMB section 2.2.4. */

const u16 = (value: number) => Uint8Array.of(value & 255, (value >> 8) & 255);
const u32 = (value: number) => join(u16(value & 0xffff), u16(value >>> 16));
const zeros = (length: number) => new Uint8Array(length);
const ascii = (text: string) => new Uint8Array(Buffer.from(`${text}\0`, "latin1"));
const wide = (text: string) => utf16(`${text}\0`);

export interface HeaderWish {
  readonly status?: number;
  readonly isResponse?: boolean;
  readonly uid?: number;
  readonly mid?: number;
  /** Text is UTF-16; true unless told otherwise. */
  readonly isUnicode?: boolean;
}

export function smb(command: number, wish: HeaderWish, words: Uint8Array, bytes: Uint8Array): Uint8Array {
  const { status = 0, isResponse = false, uid = 0, mid = 1, isUnicode = true } = wish;
  return join(
    Uint8Array.of(0xff, 0x53, 0x4d, 0x42, command),
    u32(status),
    Uint8Array.of(isResponse ? 0x98 : 0x18),
    u16(0x4801 | (isUnicode ? 0x8000 : 0)),
    zeros(14),
    u16(0xfeff),
    u16(uid),
    u16(mid),
    Uint8Array.of(words.length / 2),
    words,
    u16(bytes.length),
    bytes,
  );
}

export const OLD_DIALECTS = ["NT LM 0.12", "SMB 2.002", "SMB 2.???"] as const;

export function negotiateRequest(dialects: readonly string[] = OLD_DIALECTS, wish: HeaderWish = {}): Uint8Array {
  return smb(0x72, wish, zeros(0), join(...dialects.map((name) => join(Uint8Array.of(2), ascii(name)))));
}

export interface OfferWish extends HeaderWish {
  /** null: no extended security. */
  readonly token?: Uint8Array | null;
  readonly systemTime?: bigint;
}

export function negotiateResponse({ token = zeros(0), systemTime = 0n, ...wish }: OfferWish = {}): Uint8Array {
  const time = join(u32(Number(systemTime & 0xffff_ffffn)), u32(Number(systemTime >> 32n)));
  const capabilities = u32(token === null ? 0x0000_f3fd : 0x8000_f3fd);
  const words = join(u16(0), Uint8Array.of(3), zeros(16), capabilities, time, u16(0), Uint8Array.of(token ? 0 : 8));
  const bytes = token === null ? join(zeros(8), wide("CONTOSO")) : join(zeros(16), token);
  return smb(0x72, { ...wish, isResponse: true }, words, bytes);
}

const NO_ANDX = Uint8Array.of(0xff, 0, 0, 0);

export function sessionSetupRequest(token: Uint8Array, wish: HeaderWish = {}): Uint8Array {
  const words = join(NO_ANDX, zeros(10), u16(token.length), zeros(8));
  return smb(0x73, wish, words, join(token, wide("Unix"), wide("Samba")));
}

/** LM and NTLM responses of so many bytes, without a token; with `path` a TREE_CONNECT batched to it. */
export function plainSetupRequest(user: string, domain: string, path: string | null = null, wish: HeaderWish = {}) {
  const text = wish.isUnicode === false ? ascii : wide;
  const responses = zeros(48);
  const names = join(text(user), text(domain), text("Windows"), text("Windows"));
  const bytes = join(responses, ...(wish.isUnicode === false ? [] : [zeros(1)]), names);
  const lengths = join(u16(24), u16(24), zeros(8));
  if (path === null) return smb(0x73, wish, join(NO_ANDX, zeros(10), lengths), bytes);
  const end = 32 + 1 + 26 + 2 + bytes.length;
  const andx = join(Uint8Array.of(0x75, 0), u16(end));
  const service = join(text(path), ascii("?????"));
  const pad = wish.isUnicode === false ? zeros(0) : zeros(end % 2);
  const tree = join(Uint8Array.of(4), NO_ANDX, u16(0), u16(1), u16(1 + pad.length + service.length), zeros(1));
  return join(smb(0x73, wish, join(andx, zeros(10), lengths), bytes), tree, pad, service);
}

export interface SetupWish extends HeaderWish {
  readonly token?: Uint8Array;
  readonly isGuest?: boolean;
}

export function sessionSetupResponse({ token = zeros(0), isGuest = false, ...wish }: SetupWish = {}): Uint8Array {
  const isError = wish.status !== undefined && wish.status !== 0 && wish.status !== 0xc000_0016;
  if (isError) return smb(0x73, { ...wish, isResponse: true }, zeros(0), zeros(0));
  const words = join(NO_ANDX, u16(isGuest ? 1 : 0), u16(token.length));
  return smb(0x73, { ...wish, isResponse: true }, words, join(token, wide("Unix")));
}

export function treeConnectRequest(path: string, wish: HeaderWish = {}): Uint8Array {
  const words = join(NO_ANDX, u16(8), u16(1));
  return smb(0x75, wish, words, join(zeros(1), wide(path), ascii("?????")));
}

export const treeConnectResponse = (wish: HeaderWish = {}): Uint8Array =>
  smb(0x75, { ...wish, isResponse: true }, wish.status ? zeros(0) : join(NO_ANDX, u16(1)), zeros(0));
