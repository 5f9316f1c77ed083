/** WMI_BUFFER_HEADER. */
export const BUFFER_HEADER = 0x48;

const flag = { eventsLost: 2, bufferLost: 4, wideProcessor: 0x20, compressed: 0x40 } as const;
const LAST_TYPE = 7;
const ASIDE: ReadonlySet<number> = new Set([3, 6, 7]);
const ALL_FLAGS = 0x7f;

/** The header of one buffer of an event trace log. */
export interface BufferHeader {
  /** Bytes in the file, header included. */
  readonly size: number;
  /** Bytes of header and events, once decompressed. */
  readonly filled: number;
  readonly processor: number;
  readonly sequence: number;
  readonly isCompressed: boolean;
  /** Events or a buffer before it were lost. */
  readonly followsLoss: boolean;
  /** Reference times, markers, debugging: nothing that has to be records. */
  readonly isAside: boolean;
  /** Its fields have values that occur. */
  readonly isPlausible: boolean;
}

export function readBufferHeader(view: DataView, at: number): BufferHeader {
  const flags = view.getUint16(at + 0x34, true);
  const size = view.getUint32(at, true);
  const filled = view.getUint32(at + 0x30, true);
  const type = view.getUint16(at + 0x36, true);
  const isCompressed = (flags & flag.compressed) !== 0;
  const isWide = (flags & flag.wideProcessor) !== 0;
  return {
    size,
    filled,
    processor: isWide ? view.getUint16(at + 0x28, true) : view.getUint8(at + 0x28),
    sequence: view.getUint32(at + 0x18, true) + view.getInt32(at + 0x1c, true) * 0x100000000,
    isCompressed,
    followsLoss: (flags & (flag.eventsLost | flag.bufferLost)) !== 0,
    isAside: ASIDE.has(type),
    isPlausible: size >= BUFFER_HEADER && flags <= ALL_FLAGS && type <= LAST_TYPE,
  };
}
