/** Where the record of the log file's header stands: behind the first buffer's header. */
const RECORD = 0x48;
const PAYLOAD = 0x68;
/** Bytes of the first buffer up to the log file's name. */
const SMALLEST_BUFFER = 0x178;
export const HEADER_BYTES = 0x180;

export const clock = { performanceCounter: 1, systemTime: 2, cpuCycles: 3 } as const;
const CIRCULAR = 2;

/** What the log file says of itself in its first record, TRACE_LOGFILE_HEADER. */
export interface LogHeader {
  /** Bytes of a buffer of the session, which is the distance of buffers that are not compressed. */
  readonly bufferBytes: number;
  readonly system: string;
  readonly isClosed: boolean;
  readonly isCircular: boolean;
  readonly eventsLost: number;
  readonly buffersLost: number;
  readonly clockType: number;
  /** Counts per second of the performance counter. */
  readonly frequency: number;
  readonly megahertz: number;
  /** FILETIME, UTC. */
  readonly start: bigint;
  /** The time stamp of this first record, in the session's clock: `start` is the same moment. */
  readonly firstStamp: bigint;
}

/** An ETL file has no magic number: its first buffer begins with a header and the record of the log file's header. */
export function isEventTrace(head: DataView): boolean {
  if (head.byteLength < 0x98) return false;
  const version = head.getUint16(RECORD, true);
  const width = head.getUint8(RECORD + 2);
  const pointer = head.getUint32(0x94, true);
  return (
    head.getUint32(0, true) >= SMALLEST_BUFFER &&
    (version === 1 || version === 2) &&
    (width === 1 || width === 2) &&
    head.getUint8(RECORD + 3) === 0xc0 &&
    head.getUint16(RECORD + 6, true) === 0 &&
    (pointer === 4 || pointer === 8)
  );
}

/** Reads the header from the first `HEADER_BYTES` of a file; null where they are cut. */
export function readLogHeader(head: DataView): LogHeader | null {
  if (!isEventTrace(head)) return null;
  const is64 = head.getUint8(RECORD + 2) === 2;
  /** Behind two pointers, and again where the alignment to 8 bytes asks for it. */
  const tail = PAYLOAD + (is64 ? 0x100 : 0xf8);
  if (tail + 0x18 > head.byteLength) return null;
  const word = (at: number) => head.getUint32(at, true);
  return {
    bufferBytes: word(PAYLOAD),
    system: `Windows ${head.getUint8(PAYLOAD + 4)}.${head.getUint8(PAYLOAD + 5)} build ${word(PAYLOAD + 8)}`,
    isClosed: head.getBigInt64(PAYLOAD + 0x10, true) !== 0n,
    isCircular: (word(PAYLOAD + 0x20) & CIRCULAR) !== 0,
    eventsLost: word(PAYLOAD + 0x30),
    buffersLost: word(tail + 0x14),
    clockType: word(tail + 0x10),
    frequency: Number(head.getBigInt64(tail, true)),
    megahertz: word(PAYLOAD + 0x34),
    start: head.getBigInt64(tail + 8, true),
    firstStamp: head.getBigInt64(RECORD + 0x10, true),
  };
}
