import zlib from "node:zlib";
import type { ProblemSink } from "../model/problem.ts";
import { passGzipHeader } from "./gzip-header.ts";
import { asBytes, type Source } from "./source.ts";

const OUTPUT_PIECE = 256 * 1024;
const TRAILER = 8;
const NOTHING = new Uint8Array(0);
/** Node before 20.15 has none; then only lengths are compared. */
const crc32: typeof zlib.crc32 | undefined = zlib.crc32;

const CUT = "the gzip data is cut short; what stands before was read";
const GARBAGE = "bytes that are no gzip data follow the compressed capture; they were left out";
const DAMAGED = "the gzip data is damaged; what stands before was read";

/** Bytes of the file that were inflated so far: what a decompression bomb is measured by, also in nested layers. */
export interface Meter {
  consumed: number;
}

export interface Unpacking {
  readonly report: ProblemSink;
  readonly meter: Meter;
  /** The outermost layer alone reads the file, and so alone writes to `meter`. */
  readonly isOutermost: boolean;
  readonly bounds: { readonly [name in "inflatedBytes" | "inflatedFreely" | "inflationRatio"]: number };
}

/**
 * Inflates gzip (RFC 1952) as it arrives: several members one behind the other are one stream, zeros behind them are
 * padding. Whatever else is wrong is reported, and the bytes inflated until then are kept. `input.next` must not throw.
 */
export function gunzip(input: Source, unpacking: Unpacking): Source {
  const reader = new GzipReader(input, unpacking);
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
  private readonly input: Source;
  private readonly unpacking: Unpacking;
  /** What arrived and was not used yet; null at the end. */
  private rest: Uint8Array | null = NOTHING;
  private inflater: zlib.InflateRaw | null = null;
  private used = 0;
  private produced = 0;
  private failed = false;

  constructor(input: Source, unpacking: Unpacking) {
    this.input = input;
    this.unpacking = unpacking;
  }

  async *pieces(): AsyncGenerator<Uint8Array, undefined> {
    for (let member = 0; !this.failed && (await this.passHeader(member)); member++) yield* this.member();
    return undefined;
  }

  close(): void {
    this.failed = true;
    this.inflater?.destroy();
  }

  /** Goes past a member's header; false at the end of the stream, and at anything else, which is told. */
  private async passHeader(member: number): Promise<boolean> {
    if (member > 0) await this.skipZeros();
    if (!(await this.fill())) return false;
    const header = await passGzipHeader(() => this.nextByte());
    if (header === "cut") this.fail(CUT);
    if (header === "wrong") this.fail(member === 0 ? DAMAGED : GARBAGE);
    return header === "whole";
  }

  private async skipZeros(): Promise<void> {
    while (await this.fill()) {
      const end = this.rest?.findIndex((byte) => byte !== 0) ?? 0;
      this.use(end === -1 ? (this.rest?.length ?? 0) : end);
      if (end !== -1) return;
    }
  }

  private async *member(): AsyncGenerator<Uint8Array, void> {
    const inflater = zlib.createInflateRaw({ finishFlush: zlib.constants.Z_SYNC_FLUSH, chunkSize: OUTPUT_PIECE });
    this.inflater = inflater;
    const start = this.used;
    const pumped = this.pump(inflater);
    let checksum = 0;
    let length = 0;
    try {
      for await (const piece of inflater) {
        checksum = crc32?.(piece, checksum) ?? 0;
        length += piece.length;
        this.produced += piece.length;
        if (this.unpacking.isOutermost) this.unpacking.meter.consumed = start + inflater.bytesWritten;
        const tooMuch = this.excess();
        if (tooMuch !== null) return this.fail(tooMuch);
        yield asBytes(piece);
      }
    } catch {
      return this.fail(DAMAGED);
    } finally {
      inflater.destroy();
    }
    await pumped;
    await this.checkTrailer(checksum, length);
  }

  /** Feeds the inflater until its stream ends, and leaves what follows in `rest`. */
  private async pump(inflater: zlib.InflateRaw): Promise<void> {
    while ((await this.fill()) && !inflater.destroyed) {
      const rest = this.rest ?? NOTHING;
      const before = inflater.bytesWritten;
      await new Promise<void>((written) => inflater.write(rest, () => written()));
      const taken = inflater.bytesWritten - before;
      this.use(taken);
      if (taken < rest.length) return;
    }
    inflater.end();
  }

  private async checkTrailer(checksum: number, length: number): Promise<void> {
    const trailer = new DataView(new ArrayBuffer(TRAILER));
    for (let at = 0; at < TRAILER; at++) {
      const byte = await this.nextByte();
      if (byte === null) return this.fail(CUT);
      trailer.setUint8(at, byte);
    }
    const sameChecksum = crc32 === undefined || trailer.getUint32(0, true) === checksum;
    if (sameChecksum && trailer.getUint32(4, true) === length % 0x100000000) return;
    this.unpacking.report({ text: "the gzip checksum is wrong, so the data may be damaged; it was read all the same" });
  }

  /** The complaint about more output than a capture gives, or null. */
  private excess(): string | null {
    const produced = this.produced;
    const { bounds, meter } = this.unpacking;
    if (produced > bounds.inflatedBytes) {
      return `the input inflates to more than ${bounds.inflatedBytes} bytes; the rest was not read`;
    }
    if (produced <= bounds.inflatedFreely || produced <= bounds.inflationRatio * meter.consumed) return null;
    return `the input inflates to more than ${bounds.inflationRatio} times its size, as no capture does; the rest was not read`;
  }

  private async nextByte(): Promise<number | null> {
    if (!(await this.fill())) return null;
    const byte = this.rest?.[0] ?? null;
    this.use(1);
    return byte;
  }

  /** Makes sure that `rest` holds a byte; false at the end of the input. */
  private async fill(): Promise<boolean> {
    while (this.rest !== null && this.rest.length === 0) this.rest = await this.input.next();
    return this.rest !== null;
  }

  private use(length: number): void {
    this.rest = this.rest?.subarray(length) ?? null;
    this.used += length;
  }

  private fail(text: string): void {
    if (!this.failed) this.unpacking.report({ text });
    this.failed = true;
  }
}
