const NOTHING = new Uint8Array(0);
const NO_VIEW = new DataView(NOTHING.buffer);

/**
 * A window over the chunks of a file that shows contiguous bytes.
 *
 * `bytes[at, limit)` is what has arrived and was not taken yet. It points straight into the fed chunk; only a record
 * that straddles two chunks is put together in a small buffer, which grows by what arrived. Whoever reads asks `has(n)`
 * first, looks at `bytes` or `view` at `at` (both may change with every `has`), then moves `at` on or calls `skip`.
 */
export class Pieces {
  bytes: Uint8Array = NOTHING;
  view: DataView = NO_VIEW;
  at = 0;
  limit = 0;
  /** Bytes that `skip` went past and that have not arrived yet. */
  owed = 0;

  private chunk: Uint8Array = NOTHING;
  private chunkView: DataView = NO_VIEW;
  /** Bytes of the chunk that were already moved into the carry. */
  private chunkUsed = 0;
  /** Offset in the file of the chunk's first byte. */
  private chunkOffset = 0;
  private carry: Uint8Array = NOTHING;
  private carryView: DataView = NO_VIEW;
  private inCarry = false;

  /** Hands over the next bytes of the file, which must stay as they are until a `has` has answered false. */
  feed(chunk: Uint8Array): void {
    if (!this.inCarry) this.keepRest();
    this.chunkOffset += this.chunk.length;
    this.chunk = chunk;
    this.chunkView = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.chunkUsed = 0;
  }

  /** Whether `n` (1 or more) contiguous bytes can be read at `at`; when not, all that arrived has been put aside. */
  has(n: number): boolean {
    return this.limit - this.at >= n || this.gather(n);
  }

  /** Goes past `n` bytes, arrived or not; what has not arrived yet is never kept. */
  skip(n: number): void {
    const here = Math.min(n, this.limit - this.at);
    this.at += here;
    this.owed += n - here;
  }

  /** Offset in the file of the next byte that was not taken. */
  offset(): number {
    const start = this.inCarry ? this.chunkOffset + this.chunkUsed - this.limit : this.chunkOffset;
    return start + this.at + this.owed;
  }

  /** Bytes that arrived and were not taken. */
  left(): number {
    return this.limit - this.at + (this.inCarry ? this.chunk.length - this.chunkUsed : 0);
  }

  private gather(n: number): boolean {
    if (this.inCarry) this.returnToChunk();
    if (this.owed > 0) this.payOwed();
    if (this.limit - this.at >= n) return true;
    if (!this.inCarry) this.keepRest();
    this.fillCarry(n);
    return this.limit - this.at >= n;
  }

  /** Leaves the carry as soon as all it still holds lies in the current chunk as well. */
  private returnToChunk(): void {
    const left = this.limit - this.at;
    if (left > this.chunkUsed) return;
    this.bytes = this.chunk;
    this.view = this.chunkView;
    this.at = this.chunkUsed - left;
    this.limit = this.chunk.length;
    this.inCarry = false;
  }

  private payOwed(): void {
    const paid = Math.min(this.owed, this.limit - this.at);
    this.at += paid;
    this.owed -= paid;
  }

  /** Moves the untaken end of the chunk into the carry and lets go of the chunk. */
  private keepRest(): void {
    const rest = this.limit - this.at;
    this.reserve(rest);
    this.carry.set(this.bytes.subarray(this.at, this.limit));
    this.showCarry(rest);
    this.letGo();
  }

  private fillCarry(n: number): void {
    const left = this.limit - this.at;
    const wanted = Math.min(n - left, this.chunk.length - this.chunkUsed);
    if (wanted <= 0) return;
    if (this.at > 0) this.carry.copyWithin(0, this.at, this.limit);
    this.reserve(left + wanted);
    this.carry.set(this.chunk.subarray(this.chunkUsed, this.chunkUsed + wanted), left);
    this.chunkUsed += wanted;
    this.showCarry(left + wanted);
    if (this.chunkUsed === this.chunk.length) this.letGo();
  }

  private letGo(): void {
    this.chunkOffset += this.chunk.length;
    this.chunk = NOTHING;
    this.chunkView = NO_VIEW;
    this.chunkUsed = 0;
  }

  private showCarry(length: number): void {
    this.bytes = this.carry;
    this.view = this.carryView;
    this.at = 0;
    this.limit = length;
    this.inCarry = true;
  }

  private reserve(size: number): void {
    if (size <= this.carry.length) return;
    const grown = new Uint8Array(Math.max(256, size, this.carry.length * 2));
    grown.set(this.carry);
    this.carry = grown;
    this.carryView = new DataView(grown.buffer);
  }
}
