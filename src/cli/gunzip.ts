import zlib from "node:zlib";
import type { ProblemSink } from "../model/problem.ts";
import { passGzipHeader } from "./gzip-header.ts";
import { Arriving, Inflation } from "./inflate.ts";
import type { Source } from "./source.ts";

const TRAILER = 8;
/** Node before 20.15 has none; then only lengths are compared. */
const crc32: typeof zlib.crc32 | undefined = zlib.crc32;

const CUT = "the gzip data is cut short; what stands before was read";
const GARBAGE = "bytes that are no gzip data follow the compressed capture; they were left out";
const DAMAGED = "the gzip data is damaged; what stands before was read";

/**
 * Inflates gzip (RFC 1952) as it arrives: several members one behind the other are one stream, zeros behind them are
 * padding. Whatever else is wrong is reported, and the bytes inflated until then are kept. `input.next` must not throw.
 */
export function gunzip(input: Source, report: ProblemSink): Source {
  const reader = new GzipReader(input, report);
  const pieces = reader.pieces();
  return {
    async next() {
      const { value, done } = await pieces.next();
      return done === true ? null : value;
    },
    close() {
      reader.close();
      input.close();
    },
  };
}

class GzipReader {
  private readonly arriving: Arriving;
  private readonly report: ProblemSink;
  private inflation: Inflation | null = null;
  private failed = false;

  constructor(input: Source, report: ProblemSink) {
    this.arriving = new Arriving(input);
    this.report = report;
  }

  async *pieces(): AsyncGenerator<Uint8Array, undefined> {
    for (let member = 0; !this.failed && (await this.passHeader(member)); member++) yield* this.member();
    return undefined;
  }

  close(): void {
    this.failed = true;
    this.inflation?.close();
  }

  /** Goes past a member's header; false at the end of the stream, and at anything else, which is told. */
  private async passHeader(member: number): Promise<boolean> {
    if (member > 0) await this.skipZeros();
    if ((await this.arriving.some()) === null) return false;
    const header = await passGzipHeader(() => this.arriving.byte());
    if (header === "cut") this.fail(CUT);
    if (header === "wrong") this.fail(member === 0 ? DAMAGED : GARBAGE);
    return header === "whole";
  }

  private async skipZeros(): Promise<void> {
    for (let bytes = await this.arriving.some(); bytes !== null; bytes = await this.arriving.some()) {
      const end = bytes.findIndex((byte) => byte !== 0);
      this.arriving.use(end === -1 ? bytes.length : end);
      if (end !== -1) return;
    }
  }

  private async *member(): AsyncGenerator<Uint8Array, void> {
    this.inflation = new Inflation(this.arriving);
    const pieces = this.inflation.pieces();
    let checksum = 0;
    let length = 0;
    let step = await pieces.next();
    for (; step.done !== true; step = await pieces.next()) {
      checksum = crc32?.(step.value, checksum) ?? 0;
      length += step.value.length;
      yield step.value;
    }
    if (step.value) await this.checkTrailer(checksum, length);
    else this.fail(DAMAGED);
  }

  private async checkTrailer(checksum: number, length: number): Promise<void> {
    const trailer = new DataView(new ArrayBuffer(TRAILER));
    for (let at = 0; at < TRAILER; at++) {
      const byte = await this.arriving.byte();
      if (byte === null) return this.fail(CUT);
      trailer.setUint8(at, byte);
    }
    const sameChecksum = crc32 === undefined || trailer.getUint32(0, true) === checksum;
    if (sameChecksum && trailer.getUint32(4, true) === length % 0x100000000) return;
    this.report({ text: "the gzip checksum is wrong, so the data may be damaged; it was read all the same" });
  }

  private fail(text: string): void {
    if (!this.failed) this.report({ text });
    this.failed = true;
  }
}
