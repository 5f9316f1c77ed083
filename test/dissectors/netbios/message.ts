import { type Bytes, be16 } from "../../net/packets.ts";

/** Builds NetBIOS messages byte by byte. */
export function netbiosName(text: string, suffix: number): Bytes {
  const plain = [...Buffer.from(text.padEnd(15)), suffix];
  return [32, ...plain.flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]), 0];
}

export const NB = 0x20;

export function nbnsQuery(id: number, text: string, suffix: number, flags = 0x0110): Bytes {
  return [...be16(id), ...be16(flags), ...be16(1), 0, 0, 0, 0, 0, 0, ...netbiosName(text, suffix), ...be16(NB), 0, 1];
}

export function nbnsAnswer(id: number, text: string, suffix: number, ...addresses: readonly Bytes[]): Bytes {
  const entries = addresses.flatMap((address) => [0xe0, 0, ...address]);
  const rcode = addresses.length === 0 ? 3 : 0;
  const head = [...be16(id), 0x85, 0x80 | rcode, 0, 0, ...be16(1), 0, 0, 0, 0];
  return [...head, ...netbiosName(text, suffix), ...be16(NB), 0, 1, 0, 0, 0, 60, ...be16(entries.length), ...entries];
}

interface Mailslot {
  readonly from: string;
  readonly to: string;
  readonly suffix: number;
  readonly name: string;
  readonly data: Bytes;
}

/** A direct group datagram with an SMB transaction in it: MS-MAIL 2.2.1. */
export function mailslot({ from, to, suffix, name, data }: Mailslot): Bytes {
  const slot = [...Buffer.from(`${name}\0`)];
  const dataAt = 32 + 1 + 34 + 2 + slot.length;
  const words = [
    ...[0, 0, data.length & 255, data.length >> 8, ...new Array<number>(18).fill(0)],
    ...[data.length & 255, data.length >> 8, dataAt & 255, dataAt >> 8, 3, 0, 1, 0, 0, 0, 2, 0],
  ];
  const smb = [0xff, 0x53, 0x4d, 0x42, 0x25, ...new Array<number>(27).fill(0), 17, ...words];
  const count = slot.length + data.length;
  const body = [...smb, count & 255, count >> 8, ...slot, ...data];
  const names = [...netbiosName(from, 0), ...netbiosName(to, suffix)];
  return [0x11, 2, 0, 1, 10, 0, 0, 1, 0, 138, ...be16(names.length + body.length), 0, 0, ...names, ...body];
}
