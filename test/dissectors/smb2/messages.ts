import { join } from "../asn1/build.ts";

/** SMB2 messages byte by byte: MS-SMB2 section 2.2. */

export const SUCCESS = 0;
export const MORE = 0xc000_0016;

export interface HeaderWish {
  readonly status?: number;
  readonly isResponse?: boolean;
  readonly messageId?: number;
  readonly sessionId?: bigint;
  /** NextCommand. */
  readonly next?: number;
}

const u16 = (value: number) => Uint8Array.of(value & 255, (value >> 8) & 255);
const u32 = (value: number) => join(u16(value & 0xffff), u16(value >>> 16));
const zeros = (length: number) => new Uint8Array(length);
export const utf16 = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));

function u64(value: bigint): Uint8Array {
  return join(u32(Number(value & 0xffff_ffffn)), u32(Number(value >> 32n)));
}

export function smb2(command: number, wish: HeaderWish, body: Uint8Array): Uint8Array {
  const { status = SUCCESS, isResponse = false, messageId = 1, sessionId = 0n, next = 0 } = wish;
  return join(
    Uint8Array.of(0xfe, 0x53, 0x4d, 0x42, 64, 0, 1, 0),
    u32(status),
    u16(command),
    u16(31),
    u32(isResponse ? 1 : 0),
    u32(next),
    u64(BigInt(messageId)),
    zeros(8),
    u64(sessionId),
    zeros(16),
    body,
  );
}

/** What every error answer holds behind the header, section 2.2.2. */
const ERROR_BODY = Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0);

const answer = (wish: HeaderWish): HeaderWish => ({ ...wish, isResponse: true });

export interface NegotiateWish extends HeaderWish {
  readonly dialects?: readonly number[];
  readonly serverName?: string;
}

export function negotiateRequest(wish: NegotiateWish = {}): Uint8Array {
  const { dialects = [0x0202, 0x0210, 0x0300, 0x0302, 0x0311], serverName } = wish;
  const list = join(...dialects.map(u16));
  const hasContexts = dialects.includes(0x0311);
  const padding = zeros((8 - ((100 + list.length) % 8)) % 8);
  const preauth = join(u16(1), u16(6), zeros(4), u16(1), u16(0), u16(1), zeros(2));
  const name = serverName === undefined ? zeros(0) : utf16(serverName);
  const contexts = serverName === undefined ? preauth : join(preauth, u16(5), u16(name.length), zeros(4), name);
  const offset = 100 + list.length + padding.length;
  const body = join(
    u16(36),
    u16(dialects.length),
    zeros(24),
    hasContexts ? u32(offset) : zeros(4),
    hasContexts ? u16(serverName === undefined ? 1 : 2) : zeros(2),
    zeros(2),
    list,
    ...(hasContexts ? [padding, contexts] : []),
  );
  return smb2(0, wish, body);
}

export interface OfferWish extends HeaderWish {
  readonly token?: Uint8Array;
  readonly dialect?: number;
  /** FILETIME. */
  readonly systemTime?: bigint;
}

export function negotiateResponse({ token = zeros(0), dialect = 0x0311, systemTime = 0n, ...wish }: OfferWish = {}) {
  if (wish.status) return smb2(0, answer(wish), ERROR_BODY);
  const head = join(u16(65), u16(1), u16(dialect), zeros(34), u64(systemTime), zeros(8));
  return smb2(0, answer(wish), join(head, u16(128), u16(token.length), zeros(4), token));
}

export interface SetupWish extends HeaderWish {
  readonly token?: Uint8Array;
  /** SMB2_SESSION_FLAG_BINDING for a request; guest 1 and null 2 for a response. */
  readonly flags?: number;
  readonly previous?: bigint;
}

export function sessionSetupRequest({ token = zeros(0), flags = 0, previous = 0n, ...wish }: SetupWish = {}) {
  const head = join(u16(25), Uint8Array.of(flags, 1), zeros(8), u16(88), u16(token.length), u64(previous));
  return smb2(1, wish, join(head, token));
}

export function sessionSetupResponse({ token = zeros(0), flags = 0, ...wish }: SetupWish = {}) {
  const isError = wish.status !== undefined && wish.status !== SUCCESS && wish.status !== MORE;
  if (isError) return smb2(1, answer(wish), ERROR_BODY);
  return smb2(1, answer(wish), join(u16(9), u16(flags), u16(72), u16(token.length), token));
}

export function treeConnectRequest(path: string, wish: HeaderWish = {}): Uint8Array {
  const name = utf16(path);
  return smb2(3, wish, join(u16(9), u16(0), u16(72), u16(name.length), name));
}

export function treeConnectResponse(wish: HeaderWish = {}): Uint8Array {
  return smb2(3, answer(wish), wish.status ? ERROR_BODY : join(u16(16), zeros(14)));
}

export const READ = 8;

/** Any other command with contents of so many bytes. */
export function other(command: number, bytes: number, wish: HeaderWish = {}): Uint8Array {
  return smb2(command, wish, wish.status ? ERROR_BODY : zeros(bytes));
}

/** The messages of one session packet, each but the last made a multiple of eight bytes long. */
export function compound(...messages: readonly Uint8Array[]): Uint8Array {
  const parts = messages.map((message, at) => {
    if (at === messages.length - 1) return message;
    const padded = join(message, zeros((8 - (message.length % 8)) % 8));
    padded.set(u32(padded.length), 20);
    return padded;
  });
  return framed(join(...parts));
}

/** A session packet: type and length before the message. */
export function framed(message: Uint8Array, type = 0): Uint8Array {
  const { length } = message;
  return join(Uint8Array.of(type, length >> 16, (length >> 8) & 255, length & 255), message);
}
