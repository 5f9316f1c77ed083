import type { ProblemSink } from "../model/problem.ts";
import type { CaptureFormat } from "../model/report.ts";
import { EtlReader } from "./etl/etl.ts";
import { isEventTrace } from "./etl/log-header.ts";
import { NetmonReader } from "./netmon/reader.ts";
import { PcapReader } from "./pcap.ts";
import { pcapMagic } from "./pcap-layout.ts";
import { PcapngReader } from "./pcapng.ts";
import { block } from "./pcapng-blocks.ts";
import type { Pieces } from "./pieces.ts";
import type { FrameReader, RangeReader } from "./reader.ts";
import { SnoopReader } from "./snoop.ts";

/** A format known by its first bytes: `head` holds up to `BYTES_TO_RECOGNISE` of them, at least 4. */
interface Format<Open> {
  readonly format: CaptureFormat;
  starts(head: DataView): boolean;
  readonly open: Open;
}

/** `snoop` and three NULs. */
const SNOOP = [0x736e6f6f, 0x70000000] as const;

/** `RTSS` of version 1, `GMBU` of version 2. */
const NETMON: ReadonlySet<number> = new Set([0x52545353, 0x474d4255]);

/** Formats read from front to back; `pieces` holds the first bytes already. */
export const streamed: readonly Format<(pieces: Pieces, report: ProblemSink) => FrameReader>[] = [
  {
    format: "pcapng",
    starts: (head) => head.getUint32(0) === block.section,
    open: (pieces, report) => new PcapngReader(pieces, report),
  },
  {
    format: "pcap",
    starts: (head) => pcapMagic(head, 0) !== null,
    open: (pieces, report) => new PcapReader(pieces, report),
  },
  {
    format: "snoop",
    starts: (head) => head.byteLength >= 8 && head.getUint32(0) === SNOOP[0] && head.getUint32(4) === SNOOP[1],
    open: (pieces, report) => new SnoopReader(pieces, report),
  },
];

/** Formats whose parts lie scattered over a file of `size` bytes. */
export const ranged: readonly Format<(size: number, report: ProblemSink) => RangeReader>[] = [
  { format: "etl", starts: isEventTrace, open: (size, report) => new EtlReader(size, report) },
  {
    format: "netmon",
    starts: (head) => NETMON.has(head.getUint32(0)),
    open: (size, report) => new NetmonReader(size, report),
  },
];

/** Whether a capture begins like this. */
export function isCapture(head: Uint8Array): boolean {
  return needsRanges(head) || (head.length >= 4 && streamed.some((row) => row.starts(viewOf(head))));
}

/** Whether a capture that begins like this cannot be read from front to back. */
export function needsRanges(head: Uint8Array): boolean {
  return head.length >= 4 && ranged.some((row) => row.starts(viewOf(head)));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
