/** Builds PDUs of DCE-RPC byte by byte, in either byte order. */
type Bytes = readonly number[];

export const LITTLE = 0x10;
export const BIG = 0x00;

export interface Wish {
  readonly drep?: number;
  readonly flags?: number;
  readonly callId?: number;
  readonly auth?: { readonly type: number; readonly level?: number; readonly token: Bytes };
}

export const u16 = (value: number, drep = LITTLE): Bytes => {
  const bytes = [value >>> 8, value & 255];
  return drep === LITTLE ? bytes.reverse() : bytes;
};
export const u32 = (value: number, drep = LITTLE): Bytes => {
  const bytes = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  return drep === LITTLE ? bytes.reverse() : bytes;
};

export function pdu(type: number, body: Bytes, wish: Wish = {}): Bytes {
  const { drep = LITTLE, flags = 3, callId = 2, auth } = wish;
  const pad = auth === undefined ? 0 : (4 - (body.length % 4)) % 4;
  const trailer =
    auth === undefined
      ? []
      : [...new Array<number>(pad).fill(0), auth.type, auth.level ?? 6, pad, 0, ...u32(0, drep), ...auth.token];
  const length = 16 + body.length + trailer.length;
  const head = [5, 0, type, flags, drep, 0, 0, 0, ...u16(length, drep), ...u16(auth?.token.length ?? 0, drep)];
  return [...head, ...u32(callId, drep), ...body, ...trailer];
}

/** `e3514235-4b06-11d1-ab04-00c04fc2dcd2`, as the byte order of the PDU has it. */
export function uuid(text: string, drep = LITTLE): Bytes {
  const [a = "", b = "", c = "", d = "", e = ""] = text.split("-");
  const number = (digits: string) => Number.parseInt(digits, 16);
  const rest = (d + e).match(/../g) ?? [];
  return [...u32(number(a), drep), ...u16(number(b), drep), ...u16(number(c), drep), ...rest.map(number)];
}

const NDR = "8a885d04-1ceb-11c9-9fe8-08002b104860";
const NDR64 = "71710533-beba-4937-8319-b5dbef9ccc36";

/** Each interface once with NDR and once with NDR64, as Windows offers them. */
export function bind(type: 11 | 14, interfaces: readonly (readonly [string, number])[], wish: Wish = {}): Bytes {
  const { drep = LITTLE } = wish;
  const contexts = interfaces.flatMap(([id, version]) =>
    [NDR, NDR64].flatMap((transfer, at) => [
      ...u16(at, drep),
      ...[1, 0],
      ...uuid(id, drep),
      ...u32(version, drep),
      ...uuid(transfer, drep),
      ...u32(2, drep),
    ]),
  );
  const sizes = [...u16(5840, drep), ...u16(5840, drep), ...u32(0, drep)];
  return pdu(type, [...sizes, interfaces.length * 2, 0, 0, 0, ...contexts], wish);
}

export function bindAck(type: 12 | 15, results: readonly number[], wish: Wish = {}): Bytes {
  const { drep = LITTLE } = wish;
  const address = [...u16(6, drep), ...Buffer.from("49668\0")];
  const list = results.flatMap((result) => [
    ...u16(result, drep),
    ...u16(0, drep),
    ...uuid(NDR, drep),
    ...u32(2, drep),
  ]);
  const sizes = [...u16(5840, drep), ...u16(5840, drep), ...u32(77, drep)];
  return pdu(type, [...sizes, ...address, results.length, 0, 0, 0, ...list], wish);
}

export const bindNak = (reason: number): Bytes => pdu(13, [...u16(reason), 1, 5, 0]);
export const fault = (status: number): Bytes => pdu(3, [...u32(32), ...u16(0), 0, 0, ...u32(status), ...u32(0)]);
