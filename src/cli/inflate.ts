import zlib from "node:zlib";
import { asBytes, type Source } from "./source.ts";

const OUTPUT_PIECE = 256 * 1024;
const NOTHING = new Uint8Array(0);

/** What arrived of a packed stream and was not used yet. */
export class Arriving {
  private readonly input: Source;
  /** null at the end. */
  private rest: Uint8Array | null = NOTHING;

  constructor(input: Source) {
    this.input = input;
  }

  /** What there is, never nothing; null at the end. */
  async some(): Promise<Uint8Array | null> {
    while (this.rest !== null && this.rest.length === 0) this.rest = await this.input.next();
    return this.rest;
  }

  use(length: number): void {
    this.rest = this.rest?.subarray(length) ?? null;
  }

  async byte(): Promise<number | null> {
    const byte = (await this.some())?.[0] ?? null;
    this.use(1);
    return byte;
  }
}

/** Inflates one deflate stream (RFC 1951) with what Node brings along; bytes behind it stay where they arrived. */
export class Inflation {
  private readonly arriving: Arriving;
  private readonly inflater = zlib.createInflateRaw({
    finishFlush: zlib.constants.Z_SYNC_FLUSH,
    chunkSize: OUTPUT_PIECE,
  });

  constructor(arriving: Arriving) {
    this.arriving = arriving;
  }

  /** All it gives, also where it is cut short; false at the end where it is damaged. */
  async *pieces(): AsyncGenerator<Uint8Array, boolean> {
    const pumped = this.pump();
    try {
      for await (const piece of this.inflater) yield asBytes(piece);
    } catch {
      return false;
    } finally {
      this.close();
    }
    await pumped;
    return true;
  }

  close(): void {
    this.inflater.destroy();
  }

  /** Feeds the inflater until its stream ends. */
  private async pump(): Promise<void> {
    const { inflater } = this;
    const some = () => this.arriving.some();
    for (let bytes = await some(); bytes !== null && !inflater.destroyed; bytes = await some()) {
      const before = inflater.bytesWritten;
      await written(inflater, bytes);
      const taken = inflater.bytesWritten - before;
      this.arriving.use(taken);
      if (taken < bytes.length) return;
    }
    inflater.end();
  }
}

function written(inflater: zlib.InflateRaw, bytes: Uint8Array): Promise<void> {
  return new Promise((done) => inflater.write(bytes, () => done()));
}
