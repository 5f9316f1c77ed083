/** Block types that are read; every other one is passed over by its length. */
export const block = {
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 2,
  simplePacket: 3,
  statistics: 5,
  enhancedPacket: 6,
} as const;

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
