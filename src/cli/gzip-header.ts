import { limits } from "../bytes/limits.ts";

const MAGIC = [0x1f, 0x8b, 8] as const;
const FLAG = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/** Gives the next byte, or null at the end of the input. */
export type NextByte = () => Promise<number | null>;

/** Goes past the header of a gzip member (RFC 1952 2.3) and keeps nothing of it. */
export async function passGzipHeader(nextByte: NextByte): Promise<"whole" | "cut" | "wrong"> {
  for (const expected of MAGIC) {
    const byte = await nextByte();
    if (byte === null) return "cut";
    if (byte !== expected) return "wrong";
  }
  const flags = await nextByte();
  if (flags === null) return "cut";
  if ((flags & FLAG.reserved) !== 0) return "wrong";
  // Modification time, compression level, operating system.
  if (!(await passBytes(nextByte, 6))) return "cut";
  return passOptionalFields(nextByte, flags);
}

async function passOptionalFields(nextByte: NextByte, flags: number): Promise<"whole" | "cut" | "wrong"> {
  if ((flags & FLAG.extra) !== 0) {
    const low = await nextByte();
    const high = await nextByte();
    if (low === null || high === null || !(await passBytes(nextByte, low + high * 256))) return "cut";
  }
  for (const flag of [FLAG.name, FLAG.comment]) {
    const text = (flags & flag) === 0 ? "whole" : await passText(nextByte);
    if (text !== "whole") return text;
  }
  const hasChecksum = (flags & FLAG.headerChecksum) !== 0;
  return !hasChecksum || (await passBytes(nextByte, 2)) ? "whole" : "cut";
}

async function passBytes(nextByte: NextByte, count: number): Promise<boolean> {
  for (let passed = 0; passed < count; passed++) if ((await nextByte()) === null) return false;
  return true;
}

async function passText(nextByte: NextByte): Promise<"whole" | "cut" | "wrong"> {
  for (let length = 0; length <= limits.gzipTextBytes; length++) {
    const byte = await nextByte();
    if (byte === null) return "cut";
    if (byte === 0) return "whole";
  }
  return "wrong";
}
