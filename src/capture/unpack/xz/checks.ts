/** A checksum that is fed with pieces. */
export interface Check {
  update(bytes: Uint8Array): void;
  /** As it stands in the file, byte by byte. */
  digest(): Uint8Array;
}

const CRC32 = 0xedb88320;
/** ECMA-182, reversed. */
const CRC64_HIGH = 0xc96c5795;
const CRC64_LOW = 0xd7870f42;

export class Crc32 implements Check {
  private crc = -1;

  update(bytes: Uint8Array): void {
    let { crc } = this;
    for (let at = 0; at < bytes.length; at++) crc = (crc >>> 8) ^ (table32[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
    this.crc = crc;
  }

  digest(): Uint8Array {
    return littleEndian(~this.crc);
  }
}

/** In two halves: big integers would take fifty times as long. */
export class Crc64 implements Check {
  private low = -1;
  private high = -1;

  update(bytes: Uint8Array): void {
    let { low, high } = this;
    for (let at = 0; at < bytes.length; at++) {
      const cell = (low ^ (bytes[at] ?? 0)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (table64Low[cell] ?? 0);
      high = (high >>> 8) ^ (table64High[cell] ?? 0);
    }
    this.low = low;
    this.high = high;
  }

  digest(): Uint8Array {
    return littleEndian(~this.low, ~this.high);
  }
}

const table32 = new Int32Array(256);
const table64Low = new Int32Array(256);
const table64High = new Int32Array(256);
for (let cell = 0; cell < 256; cell++) {
  let crc = cell;
  let low = cell;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : CRC32);
    const isOdd = (low & 1) === 1;
    low = ((low >>> 1) | (high << 31)) ^ (isOdd ? CRC64_LOW : 0);
    high = (high >>> 1) ^ (isOdd ? CRC64_HIGH : 0);
  }
  table32[cell] = crc;
  table64Low[cell] = low;
  table64High[cell] = high;
}

function littleEndian(...words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [at, word] of words.entries()) view.setInt32(at * 4, word, true);
  return bytes;
}
