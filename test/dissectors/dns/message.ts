/** Builds DNS messages byte by byte; names may be given as raw bytes to forge pointers. */
export type NameLike = string | readonly number[];

export interface Entry {
  readonly name: NameLike;
  readonly type: number;
  readonly data: readonly number[];
}

export interface Parts {
  readonly id?: number;
  readonly flags?: number;
  readonly questions?: readonly { readonly name: NameLike; readonly type: number }[];
  readonly answers?: readonly Entry[];
  readonly authority?: readonly Entry[];
  readonly additional?: readonly Entry[];
}

export const QUERY = 0x0100;
export const RESPONSE = 0x8180;

export function u16(value: number): readonly number[] {
  return [(value >> 8) & 255, value & 255];
}

export function nameBytes(name: NameLike): readonly number[] {
  if (typeof name !== "string") return name;
  const labels = name === "." ? [] : name.split(".");
  return [...labels.flatMap((label) => [label.length, ...Buffer.from(label)]), 0];
}

export function dnsBytes(parts: Parts): Uint8Array {
  const { questions = [], answers = [], authority = [], additional = [] } = parts;
  const entries = [...answers, ...authority, ...additional];
  return Uint8Array.from([
    ...u16(parts.id ?? 0x666a),
    ...u16(parts.flags ?? QUERY),
    ...[questions, answers, authority, additional].flatMap((section) => u16(section.length)),
    ...questions.flatMap(({ name, type }) => [...nameBytes(name), ...u16(type), 0, 1]),
    ...entries.flatMap(({ name, type, data }) => [
      ...nameBytes(name),
      ...u16(type),
      ...[0, 1, 0, 0, 0, 60],
      ...u16(data.length),
      ...data,
    ]),
  ]);
}
