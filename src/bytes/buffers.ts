import { limits } from "./limits.ts";

/** Sizes are multiples of this, so that buffers fit again. */
const GRAIN = 128;
/** V8 keeps so few bytes with the object, unless it is asked for a buffer. */
const FEW = 64;

/**
 * Buffers that are used again: of one that is only dropped, the bytes stay taken until the whole heap is looked through.
 */
export class Buffers {
  /** By their size in grains. */
  private readonly spare: ArrayBuffer[][] = [];
  private spareBytes = 0;

  /** A copy of `bytes[start, end)`, good until it is given back. */
  copy(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
    const length = end - start;
    if (length <= FEW) return new Uint8Array(bytes.subarray(start, end));
    const copy = new Uint8Array(this.take(Math.ceil(length / GRAIN)), 0, length);
    copy.set(bytes.subarray(start, end));
    return copy;
  }

  /** The copy is not looked at any more. */
  giveBack(copy: Uint8Array<ArrayBuffer>): void {
    if (copy.length <= FEW) return;
    const { buffer } = copy;
    const size = buffer.byteLength;
    if (this.spareBytes + size > limits.spareBytes) return;
    this.spareBytes += size;
    const place = size / GRAIN;
    const spare = this.spare[place];
    if (spare === undefined) this.spare[place] = [buffer];
    else spare.push(buffer);
  }

  private take(grains: number): ArrayBuffer {
    const buffer = this.spare[grains]?.pop();
    if (buffer === undefined) return new ArrayBuffer(grains * GRAIN);
    this.spareBytes -= buffer.byteLength;
    return buffer;
  }
}
