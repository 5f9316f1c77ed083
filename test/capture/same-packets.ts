import { Readable } from "node:stream";
import { parse } from "pcap-parser";
import { expect } from "vitest";
import { readAll } from "./read.ts";

interface ParsedPacket {
  readonly header: {
    readonly timestampSeconds: number;
    readonly timestampMicroseconds: number;
    readonly capturedLength: number;
    readonly originalLength: number;
  };
  readonly data: Buffer;
}

function readWithPcapParser(bytes: Uint8Array): Promise<ParsedPacket[]> {
  return new Promise((resolve, reject) => {
    const packets: ParsedPacket[] = [];
    const parser = parse(Readable.from([Buffer.from(bytes)]));
    parser.on("packet", (packet: ParsedPacket) => packets.push(packet));
    parser.on("error", reject);
    parser.on("end", () => resolve(packets));
  });
}

/** A classic capture: the same packets, times to the microsecond, lengths and bytes. */
export async function expectSameAsPcapParser(bytes: Uint8Array): Promise<void> {
  const ours = readAll(bytes).frames;
  const theirs = await readWithPcapParser(bytes);
  expect(ours.length).toBe(theirs.length);
  theirs.forEach(({ header, data }, index) => {
    const frame = ours[index];
    expect(frame?.seconds).toBe(header.timestampSeconds);
    expect(frame?.nanos).toBe(header.timestampMicroseconds * 1000);
    expect(frame?.wireLength).toBe(Math.max(header.originalLength, header.capturedLength));
    expect(Buffer.from(frame?.data ?? []).equals(data)).toBe(true);
  });
}
