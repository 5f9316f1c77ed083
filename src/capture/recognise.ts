import { type Compression, compressionOf } from "./compression.ts";
import { isEventTrace } from "./etl/log-header.ts";
import { ascii, carries, type Signature } from "./signature.ts";

/** As many first bytes of a file as `explainUnreadable` looks at. */
export const BYTES_TO_RECOGNISE = 512;

interface Row extends Signature {
  readonly is: string;
  readonly advice: string;
}

const editcap = "which this version does not read yet; convert it with: editcap -F pcapng FILE out.pcapng";
const inParts = "which can only be read from a file, because its parts lie scattered";
const textMode = "make a new copy in binary mode";

/** Formats that are known by their first bytes but not read. */
const foreign: readonly Row[] = [
  { bytes: ascii("GMBU"), is: "a Network Monitor capture", advice: inParts },
  { bytes: ascii("RTSS"), is: "a Network Monitor 1.x capture", advice: inParts },
  { bytes: ascii("ElfFile\0"), is: "a Windows event log (EVTX)", advice: "which holds no packets" },
  {
    bytes: [0x0d, 0x0a, 0x0d, 0x0d, 0x0d, 0x0a],
    is: "a pcapng file damaged by a text-mode transfer",
    advice: textMode,
  },
  { bytes: [0x0a, 0x0d, 0x0a], is: "a pcapng file damaged by a text-mode transfer", advice: textMode },
  { bytes: [0x0a, 0x0a, 0x0a, 0x0a], is: "a pcapng file damaged by a text-mode transfer", advice: textMode },
  { bytes: ascii("XCP\0"), is: "a NetXRay or Sniffer capture", advice: editcap },
  { bytes: ascii("TRSNIFF data"), is: "a Sniffer capture", advice: editcap },
  { bytes: ascii("\x7fELF"), is: "a program", advice: "and no capture" },
  { bytes: ascii("%PDF"), is: "a PDF document", advice: "and no capture" },
];

const eventTrace = "this is a Windows event trace (ETL), which is read as a file only, not from front to back";

/**
 * Says in one sentence what a file is that begins with `bytes` and is no capture that is read, and what to do with it.
 *
 * `bytes` are the first `BYTES_TO_RECOGNISE` of the file, or all of a shorter one.
 */
export function explainUnreadable(bytes: Uint8Array): string {
  if (bytes.length === 0) return "it is empty, so it holds no capture";
  const row = foreign.find((candidate) => carries(bytes, candidate));
  if (row !== undefined) return `this is ${row.is}, ${row.advice}`;
  if (isEventTrace(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))) return eventTrace;
  const packed = compressionOf(bytes);
  if (packed !== null) return explainPacked(packed);
  if (isText(bytes)) return "this is a text file, not a capture; save the packets as pcapng, not their listing";
  if (bytes.length < 24) return `the file of ${bytes.length} bytes is too short to be a capture`;
  return "this is not a capture in a format known here; if capinfos knows it, editcap -F pcapng FILE out.pcapng converts it";
}

function explainPacked({ name, use }: Compression): string {
  if (use === "undone") return `this is compressed with ${name} once more; decompress it first`;
  if (use === "archive") return `this is a ${name} archive inside an archive; unpack it first`;
  return `this is a ${name} file, which is not unpacked here; unpack it first: ${use.unpack}`;
}

/** Printable ASCII, tabs and line ends only, or UTF-8 and UTF-16 that say so at their start. */
function isText(bytes: Uint8Array): boolean {
  const marks = [{ bytes: [0xef, 0xbb, 0xbf] }, { bytes: [0xff, 0xfe] }, { bytes: [0xfe, 0xff] }];
  if (marks.some((mark) => carries(bytes, mark))) return true;
  return (
    bytes.every((byte) => (byte >= 0x20 && byte !== 0x7f) || (byte >= 0x09 && byte <= 0x0d)) && bytes.some(isLetter)
  );
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
