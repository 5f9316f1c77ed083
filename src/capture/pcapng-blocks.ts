/** Block types that are read; every other one is passed over by its length. */
export const block = {
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 2,
  simplePacket: 3,
  names: 4,
  statistics: 5,
  enhancedPacket: 6,
  secrets: 10,
  darwinProcess: 0x80000001,
} as const;

/** Bytes of the smallest of those blocks that describe the capture, both lengths included. */
const describing: ReadonlyMap<number, number> = new Map([
  [block.names, 12],
  [block.statistics, 24],
  [block.darwinProcess, 16],
]);

/** Whether a block of that type and length may say something of the capture. */
export function describes(type: number, length: number): boolean {
  const least = describing.get(type);
  return least !== undefined && length >= least;
}

/** Byte-order mark of a section header. */
export const SECTION_MAGIC = 0x1a2b3c4d;

/** Blocks without packet that Wireshark 4 lists as frames: journal entries, sysdig events, custom blocks. */
const listedByWireshark: ReadonlySet<number> = new Set([9, 0x204, 0x216, 0x222, 0xbad, 0x40000bad]);

export function countsAsFrame(type: number): boolean {
  return listedByWireshark.has(type);
}

/** Whether a block type is what a transfer that rewrites line ends makes of a section header's. */
export function looksLikeTextTransfer(type: number): boolean {
  const head = type >>> 8;
  const tail = type & 0xffffff;
  return head === 0x0a0d0a || head === 0x0d0d0a || tail === 0x0d0a0a || tail === 0x0a0d0a || tail === 0x0a0d0d;
}

/** Blocks fill up to the next four bytes, whatever length they say. */
export function padded(length: number): number {
  return length % 4 === 0 ? length : length + 4 - (length % 4);
}
