import { crc32, deflateRawSync } from "node:zlib";
import { Bytes, concat } from "../build.ts";

/** Archives built by hand, with every claim in them open to lies. */

const encoder = new TextEncoder();

export interface ZipFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly method?: number;
  /** 1 encrypted, 8 sizes behind the data. */
  readonly flags?: number;
  readonly crc?: number;
  /** Claimed instead of the real ones. */
  readonly size?: number;
  readonly packedSize?: number;
  /** Where the directory says that it stands. */
  readonly at?: number;
}

export interface ZipOptions {
  readonly comment?: string;
  /** Sizes and places in fields of 64 bits. */
  readonly is64?: boolean;
  readonly hasDirectory?: boolean;
}

export function zipOf(files: readonly ZipFile[], { comment = "", is64 = false, hasDirectory = true }: ZipOptions = {}) {
  const parts: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let at = 0;
  for (const file of files) {
    const { local, central } = zipEntry(file, at, is64);
    parts.push(local);
    entries.push(central);
    at += local.length;
  }
  if (!hasDirectory) return concat(parts);
  const directory = concat(entries);
  const large = new Bytes()
    .u32(0x06064b50, 44, 0)
    .u16(45, 45)
    .u32(0, 0, files.length, 0, files.length, 0, directory.length, 0, at, 0)
    .u32(0x07064b50, 0, at + directory.length, 0, 1);
  const [count, length, from] = is64 ? [0xffff, 0xffffffff, 0xffffffff] : [files.length, directory.length, at];
  const end = new Bytes().u32(0x06054b50).u16(0, 0, count, count).u32(length, from).u16(comment.length);
  return concat([
    ...parts,
    directory,
    is64 ? large.done() : new Uint8Array(0),
    end.raw(encoder.encode(comment)).done(),
  ]);
}

function zipEntry(file: ZipFile, at: number, is64: boolean): { local: Uint8Array; central: Uint8Array } {
  const { content, method = 8, flags = 0 } = file;
  const name = encoder.encode(file.name);
  const packed = method === 8 ? new Uint8Array(deflateRawSync(content)) : content;
  const size = file.size ?? content.length;
  const packedSize = file.packedSize ?? packed.length;
  const crc = file.crc ?? crc32(content);
  const isBehind = (flags & 8) !== 0;
  const local = new Bytes().u32(0x04034b50).u16(20, flags, method, 0, 0);
  local
    .u32(...(isBehind ? [0, 0, 0] : [crc, packedSize, size]))
    .u16(name.length, 0)
    .raw(name)
    .raw(packed);
  if (isBehind) local.u32(0x08074b50, crc, packedSize, size);
  const extra = new Bytes().u16(0x5455, 1).raw([0]);
  if (is64) extra.u16(1, 24).u32(size, 0, packedSize, 0, file.at ?? at, 0);
  const field = extra.done();
  const claims = is64 ? [0xffffffff, 0xffffffff] : [packedSize, size];
  const central = new Bytes()
    .u32(0x02014b50)
    .u16(20, 20, flags, method, 0, 0)
    .u32(crc, ...claims);
  central.u16(name.length, field.length, 3, 0, 0).u32(0, is64 ? 0xffffffff : (file.at ?? at));
  return { local: local.done(), central: central.raw(name).raw(field).raw([1, 2, 3]).done() };
}

export interface TarFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly kind?: string;
  readonly prefix?: string;
  /** Claimed instead of the real one: digits in octal, or bytes. */
  readonly size?: string;
}

export function tarOf(files: readonly TarFile[], endBlocks = 2): Uint8Array {
  return concat([...files.flatMap((file) => [tarHeader(file), padded(file.content)]), new Uint8Array(endBlocks * 512)]);
}

function tarHeader({ name, content, kind = "0", prefix = "", size }: TarFile): Uint8Array {
  const header = new Uint8Array(512);
  const put = (text: string, at: number) => header.set(encoder.encode(text), at);
  put(name.slice(0, 100), 0);
  put("0000644\u00000000000\u00000000000\u0000", 100);
  put(size ?? content.length.toString(8).padStart(11, "0"), 124);
  put(`00000000000\0        ${kind}`, 136);
  put("ustar\u000000", 257);
  put(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function padded(content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(content.length / 512) * 512);
  bytes.set(content);
  return bytes;
}

export interface CabinetFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly folder?: number;
}

export interface CabinetOptions {
  /** 0 stored, 1 MSZIP, 3 LZX. */
  readonly method?: number;
  /** Bytes reserved in the header, each folder and each block. */
  readonly reserve?: number;
  readonly hasChecksums?: boolean;
  readonly isContinued?: boolean;
}

/** A cabinet of one folder, as netsh makes them. */
export function cabinetOf(files: readonly CabinetFile[], options: CabinetOptions = {}): Uint8Array {
  const { method = 1, reserve = 0, hasChecksums = true, isContinued = false } = options;
  const blocks = cabinetBlocks(concat(files.map(({ content }) => content)), method, reserve, hasChecksums);
  const flags = (reserve > 0 ? 4 : 0) | (isContinued ? 1 : 0);
  const more = new Bytes();
  if (reserve > 0) more.u16(reserve).raw([reserve, reserve]).raw(new Uint8Array(reserve).fill(0xee));
  if (isContinued) more.raw(encoder.encode("first.cab\0disk 1\0"));
  const head = more.done();
  const names = new Bytes();
  let offset = 0;
  for (const { name, content, folder = 0 } of files) {
    names
      .u32(content.length, offset)
      .u16(folder, 0, 0, 32)
      .raw(encoder.encode(`${name}\0`));
    offset += content.length;
  }
  const fileAt = 36 + head.length + 8 + reserve;
  const dataAt = fileAt + names.done().length;
  const size = dataAt + blocks.reduce((sum, block) => sum + block.length, 0);
  const header = new Bytes().raw(encoder.encode("MSCF")).u32(0, size, 0, fileAt, 0).raw([3, 1]);
  header.u16(1, files.length, flags, 1, 0).raw(head);
  header.u32(dataAt).u16(blocks.length, method).raw(new Uint8Array(reserve)).raw(names.done());
  return concat([header.done(), ...blocks]);
}

function cabinetBlocks(content: Uint8Array, method: number, reserve: number, hasChecksums: boolean): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += 32_768) {
    const plain = content.subarray(at, at + 32_768);
    const dictionary = at === 0 ? {} : { dictionary: content.subarray(at - 32_768, at) };
    const packed = method === 1 ? concat([encoder.encode("CK"), deflateRawSync(plain, dictionary)]) : plain;
    const reserved = new Uint8Array(reserve).fill(0xdd);
    const sizes = new Bytes().u16(packed.length, plain.length).raw(reserved).done();
    const checksum = hasChecksums ? (xor(packed) ^ xor(sizes)) >>> 0 : 0;
    blocks.push(new Bytes().u32(checksum).raw(sizes).raw(packed).done());
  }
  return blocks;
}

/** [MS-CAB] 3.1 */
function xor(bytes: Uint8Array): number {
  let sum = 0;
  const whole = bytes.length - (bytes.length % 4);
  for (let at = 0; at < whole; at++) sum ^= (bytes[at] ?? 0) << (8 * (at % 4));
  return [...bytes.subarray(whole)].reduce((last, byte) => (last << 8) | byte, 0) ^ sum;
}
