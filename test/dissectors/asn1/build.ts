/** Writes DER for tests: the shortest lengths, contents as they are given. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const contents = join(...parts);
  return join(Uint8Array.of(tag, ...lengthOctets(contents.length)), contents);
}

export function int(value: number): Uint8Array {
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(((rest % 256) + 256) % 256);
    rest = Math.floor(rest / 256);
  } while (!(rest === 0 && (octets[0] ?? 0) < 0x80) && !(rest === -1 && (octets[0] ?? 0) >= 0x80));
  return der(0x02, Uint8Array.from(octets));
}

export function str(text: string): Uint8Array {
  return der(0x1b, new TextEncoder().encode(text));
}

/** `[tag]`, explicit. */
export function field(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return der(0xa0 | tag, ...parts);
}

export function seq(...parts: readonly Uint8Array[]): Uint8Array {
  return der(0x30, ...parts);
}

export function octets(...parts: readonly Uint8Array[]): Uint8Array {
  return der(0x04, ...parts);
}

export function flags(value: number): Uint8Array {
  return der(0x03, Uint8Array.of(0, value >>> 24, value >>> 16, value >>> 8, value));
}

export function name(type: number, ...parts: readonly string[]): Uint8Array {
  return seq(field(0, int(type)), field(1, seq(...parts.map(str))));
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}
