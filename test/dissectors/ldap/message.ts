/** Builds LDAP messages byte by byte; `wide` writes every length in four bytes, as Windows does. */
export type Bytes = readonly number[];

export interface Style {
  readonly wide: boolean;
}

export const narrow: Style = { wide: false };
export const wide: Style = { wide: true };

export function element(style: Style, tag: number, ...contents: readonly Bytes[]): Bytes {
  const body = contents.flat();
  const long = [
    0x84,
    (body.length >>> 24) & 255,
    (body.length >>> 16) & 255,
    (body.length >>> 8) & 255,
    body.length & 255,
  ];
  const length = style.wide ? long : body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return [tag, ...length, ...body];
}

export function text(style: Style, value: string | Bytes): Bytes {
  return element(style, 4, typeof value === "string" ? [...Buffer.from(value)] : value);
}

export function message(style: Style, id: number, operation: Bytes): Bytes {
  return element(style, 0x30, element({ wide: false }, 2, [id]), operation);
}

export function equality(style: Style, name: string, value: string | Bytes): Bytes {
  return element(style, 0xa3, text(style, name), text(style, value));
}

export function search(style: Style, id: number, filter: Bytes, attributes: readonly string[]): Bytes {
  const fixed: Bytes = [4, 0, 10, 1, 0, 10, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0];
  const selection = attributes.map((name) => text(style, name));
  return message(style, id, element(style, 0x63, fixed, filter, element(style, 0x30, ...selection)));
}

export function entry(style: Style, id: number, attribute: string, value: Bytes): Bytes {
  const values = element(style, 0x31, text(style, value));
  const pair = element(style, 0x30, text(style, attribute), values);
  return message(style, id, element(style, 0x64, [4, 0], element(style, 0x30, pair)));
}

export function done(style: Style, id: number, resultCode: number): Bytes {
  return message(style, id, element(style, 0x65, [10, 1, resultCode, 4, 0, 4, 0]));
}

const ascii = (value: string): Bytes => [...Buffer.from(value, "latin1")];

/** A bind with the authentication choice `choice`. */
export function bind(style: Style, id: number, name: string, choice: Bytes): Bytes {
  return message(style, id, element(style, 0x60, [2, 1, 3], text(style, name), choice));
}

export const simple = (style: Style, password: string): Bytes => element(style, 0x80, ascii(password));

export function sasl(style: Style, mechanism: string, token: Bytes | null = null): Bytes {
  return element(style, 0xa3, text(style, mechanism), token === null ? [] : text(style, token));
}

/** LDAPResult of any response; `matched` is the DN, `more` what follows. */
export function result(
  style: Style,
  tag: number,
  id: number,
  code: number,
  said: { readonly diagnostic?: string; readonly matched?: Bytes; readonly more?: Bytes } = {},
): Bytes {
  const { diagnostic = "", matched = [], more = [] } = said;
  return message(style, id, element(style, tag, [10, 1, code], text(style, matched), text(style, diagnostic), more));
}

export const bindResult = (
  style: Style,
  id: number,
  code: number,
  diagnostic = "",
  token: Bytes | null = null,
): Bytes => result(style, 0x61, id, code, { diagnostic, more: token === null ? [] : element(style, 0x87, token) });

export const extended = (style: Style, id: number, oid: string): Bytes =>
  message(style, id, element(style, 0x77, element(style, 0x80, ascii(oid))));

export function rootEntry(style: Style, id: number, attributes: Readonly<Record<string, readonly string[]>>): Bytes {
  const list = Object.entries(attributes).map(([name, values]) =>
    element(style, 0x30, text(style, name), element(style, 0x31, ...values.map((value) => text(style, value)))),
  );
  return message(style, id, element(style, 0x64, [4, 0], element(style, 0x30, ...list)));
}
