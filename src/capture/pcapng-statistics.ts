const OPTION_END = 0;
const ISB_IFDROP = 5;
const ISB_OSDROP = 7;

/** Packets that the capturing machine counted as lost, from Interface Statistics Blocks; draft-ietf-opsawg-pcapng 4.6. */
export class DropCounter {
  /** By interface of the current section: counters run on, so the last block of an interface holds the sum. */
  private readonly dropped = new Map<number, number>();

  /** Reads the body of a statistics block, `view[at, end)`; options that run past it are left. */
  note(view: DataView, at: number, end: number, littleEndian: boolean): void {
    let dropped = 0;
    for (let option = at + 12; option + 4 <= end; ) {
      const code = view.getUint16(option, littleEndian);
      const length = view.getUint16(option + 2, littleEndian);
      if (code === OPTION_END || option + 4 + length > end) break;
      const isDrop = code === ISB_IFDROP || code === ISB_OSDROP;
      if (isDrop && length === 8) dropped += Number(view.getBigUint64(option + 4, littleEndian));
      option += 4 + ((length + 3) & ~3);
    }
    this.dropped.set(view.getUint32(at, littleEndian), dropped);
  }

  /** The sentence about the section that ends here, or null where nothing was lost. Begins anew. */
  takeSentence(): string | null {
    let sum = 0;
    for (const dropped of this.dropped.values()) sum += dropped;
    this.dropped.clear();
    if (sum === 0) return null;
    return `the capturing machine dropped ${sum} packets, so a message that is missing here may have been sent`;
  }
}
