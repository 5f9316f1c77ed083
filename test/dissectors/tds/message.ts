/** Builds messages of TDS byte by byte. */
export type Bytes = readonly number[];

const le16 = (value: number): Bytes => [value & 255, value >> 8];
const le32 = (value: number): Bytes => [...le16(value & 0xffff), ...le16(value >>> 16)];
const wide = (text: string): Bytes => [...Buffer.from(text, "utf16le")];

/** The packets of a message, of at most `size` bytes each. */
export function packets(type: number, body: Bytes, size = 4096): Bytes {
  const parts: Bytes[] = [];
  for (let at = 0; at === 0 || at < body.length; at += size - 8) parts.push(body.slice(at, at + size - 8));
  return parts.flatMap((part, at) => {
    const last = at === parts.length - 1 ? 1 : 0;
    return [type, last, (part.length + 8) >> 8, (part.length + 8) & 255, 0, 0, at + 1, 0, ...part];
  });
}

/** PRELOGIN with VERSION and ENCRYPTION; from a server in a tabular result. */
export function prelogin(encryption: number, type: 18 | 4 = 18): Bytes {
  return packets(type, [0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 15, 0, 8, 0, 0, 0, encryption]);
}

export interface LoginWish {
  readonly userName?: string;
  readonly password?: Bytes;
  readonly serverName?: string;
  /** Integrated security with this token. */
  readonly token?: Bytes;
  readonly long?: boolean;
}

const FIXED = 94;

export function login(wish: LoginWish = {}, size?: number): Bytes {
  const { userName = "", password = [], serverName = "sql.contoso.com,1433", token, long = false } = wish;
  const data: number[] = [];
  const put = (bytes: Bytes, characters: number): Bytes => {
    const at = FIXED + data.length;
    data.push(...bytes);
    return [...le16(at), ...le16(characters)];
  };
  const text = (value: string) => put(wide(value), value.length);
  const secret = (): Bytes => put(password, password.length / 2);
  const names = [text("CLIENT1"), text(userName), secret(), text("sqlcmd"), text(serverName), le32(0), text("ODBC")];
  const rest = [text(""), text("master"), [1, 2, 3, 4, 5, 6]];
  const length = token?.length ?? 0;
  const sspi = put(token ?? [], long ? 0xffff : length);
  const tail = [...text(""), ...text(""), ...le32(long ? length : 0)];
  const head = [
    ...le32(FIXED + data.length),
    ...[4, 0, 0, 0x74],
    ...le32(4096),
    ...new Array<number>(12).fill(0),
    ...[0xe0, token === undefined ? 3 : 0x83, 0, 0],
    ...new Array<number>(8).fill(0),
  ];
  return packets(16, [...head, ...names.flat(), ...rest.flat(), ...sspi, ...tail, ...data], size);
}

const token = (type: number, contents: Bytes): Bytes => [type, ...le16(contents.length), ...contents];
export const sspiToken = (bytes: Bytes): Bytes => token(0xed, bytes);
export const loginAck = (): Bytes => token(0xad, [1, 0x74, 0, 0, 4, 2, ...wide("MS"), 16, 0, 0, 0]);
export const info = (): Bytes => token(0xab, [...le32(5701), 2, 0, ...le16(0), 0, 0, ...le32(1)]);
export const error = (number: number, text: string): Bytes =>
  token(0xaa, [...le32(number), 1, 14, ...le16(text.length), ...wide(text), 0, 0, ...le32(1)]);
const DONE: Bytes = [0xfd, ...new Array<number>(12).fill(0)];
export const response = (...tokens: readonly Bytes[]): Bytes => packets(4, [...tokens.flat(), ...DONE]);
