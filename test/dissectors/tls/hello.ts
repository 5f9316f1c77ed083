const u16 = (value: number): readonly number[] => [(value >> 8) & 255, value & 255];

/** A ClientHello in records of at most `recordBytes` bytes. */
export function clientHello(serverName: string | null, alpn: readonly string[], recordBytes = 16_384): Uint8Array {
  const name = serverName === null ? [] : serverNameExtension(serverName);
  const protocols = alpn.length === 0 ? [] : alpnExtension(alpn);
  const grease = [0x0a, 0x0a, 0, 1, 0];
  const extensions = [...grease, ...name, ...protocols];
  const random = new Array<number>(32).fill(9);
  const body = [3, 3, ...random, 2, 1, 1, 0, 4, 0x13, 1, 0x13, 2, 1, 0, ...u16(extensions.length), ...extensions];
  const handshake = [1, 0, ...u16(body.length), ...body];
  const bytes: number[] = [];
  for (let at = 0; at < handshake.length; at += recordBytes) {
    const part = handshake.slice(at, at + recordBytes);
    bytes.push(22, 3, 1, ...u16(part.length), ...part);
  }
  return Uint8Array.from(bytes);
}

function serverNameExtension(name: string): readonly number[] {
  const entry = [0, ...u16(name.length), ...Buffer.from(name)];
  return [0, 0, ...u16(entry.length + 2), ...u16(entry.length), ...entry];
}

function alpnExtension(protocols: readonly string[]): readonly number[] {
  const list = protocols.flatMap((protocol) => [protocol.length, ...Buffer.from(protocol)]);
  return [0, 16, ...u16(list.length + 2), ...u16(list.length), ...list];
}
