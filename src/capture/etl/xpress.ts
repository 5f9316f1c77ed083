/** Bytes that one token can take, the word of flags before it included. */
const LONGEST_TOKEN = 14;
/** A match reaches back no further; so many bytes must stay in front of `outAt` when the output is moved. */
export const XPRESS_HISTORY = 8_192;

/**
 * Undoes Xpress compression without Huffman codes (MS-XCA 2.4), a piece of the input and a piece of the output at a
 * time.
 */
export class XpressDecoder {
  /** Where the next byte is read and written; the owner of the buffers may move both with what they point at. */
  inAt = 0;
  outAt = 0;
  /** One bit per token to come, the next one highest. */
  private flags = 0;
  private flagsLeft = 0;
  /** The higher half of a byte of which the lower one was used; -1: none. */
  private half = -1;
  /** A match that the output had no room for. */
  private copyLength = 0;
  private copyOffset = 0;

  reset(): void {
    this.inAt = 0;
    this.outAt = 0;
    this.flagsLeft = 0;
    this.half = -1;
    this.copyLength = 0;
  }

  /**
   * Goes on until `output` is full up to `outEnd`, or the input, `input[inAt, inEnd)`, needs its continuation
   * (`isLast`: there is none). False where the input is damaged or ends too early; what was written before stands.
   */
  run(input: Uint8Array, inEnd: number, isLast: boolean, output: Uint8Array, outEnd: number): boolean {
    const lastStart = isLast ? inEnd - 1 : inEnd - LONGEST_TOKEN;
    this.copy(output, outEnd);
    while (this.outAt < outEnd) {
      if (this.inAt > lastStart) return !isLast;
      if (this.flagsLeft === 0 && !this.takeFlags(input, inEnd)) return false;
      if (this.flags >= 0) this.literals(input, inEnd, output, outEnd);
      else if (!this.match(input, inEnd, output, outEnd)) return false;
    }
    return true;
  }

  private takeFlags(input: Uint8Array, inEnd: number): boolean {
    const at = this.inAt;
    this.flags = u16(input, at) | (u16(input, at + 2) << 16);
    this.flagsLeft = 32;
    this.inAt = at + 4;
    return this.inAt <= inEnd;
  }

  /** As many literals as there are zeros before the next one among the flags. */
  private literals(input: Uint8Array, inEnd: number, output: Uint8Array, outEnd: number): void {
    const announced = Math.min(Math.clz32(this.flags), this.flagsLeft);
    const count = Math.min(announced, outEnd - this.outAt, inEnd - this.inAt);
    let { inAt, outAt } = this;
    for (const end = inAt + count; inAt < end; inAt++, outAt++) output[outAt] = input[inAt] ?? 0;
    this.inAt = inAt;
    this.outAt = outAt;
    this.flags = count === 32 ? 0 : this.flags << count;
    this.flagsLeft -= count;
  }

  private match(input: Uint8Array, inEnd: number, output: Uint8Array, outEnd: number): boolean {
    this.flags <<= 1;
    this.flagsLeft -= 1;
    const token = u16(input, this.inAt);
    this.inAt += 2;
    const short = token & 7;
    const length = short < 7 ? short : this.longLength(input);
    this.copyOffset = (token >>> 3) + 1;
    this.copyLength = length + 3;
    if (length < 0 || this.copyOffset > this.outAt || this.inAt > inEnd) return false;
    this.copy(output, outEnd);
    return true;
  }

  /** The length less 3, where it did not fit into the token; negative where it is impossible. */
  private longLength(input: Uint8Array): number {
    const nibble = this.nibble(input);
    if (nibble < 15) return 7 + nibble;
    const byte = input[this.inAt++] ?? 0;
    if (byte < 255) return 7 + 15 + byte;
    let length = u16(input, this.inAt);
    this.inAt += 2;
    if (length === 0) {
      length = (u16(input, this.inAt) | (u16(input, this.inAt + 2) << 16)) >>> 0;
      this.inAt += 4;
    }
    return length < 7 + 15 ? -1 : length;
  }

  private nibble(input: Uint8Array): number {
    if (this.half >= 0) {
      const higher = this.half;
      this.half = -1;
      return higher;
    }
    const byte = input[this.inAt++] ?? 0;
    this.half = byte >> 4;
    return byte & 15;
  }

  /** Byte by byte: what is copied may be what was just written. */
  private copy(output: Uint8Array, outEnd: number): void {
    const count = Math.min(this.copyLength, outEnd - this.outAt);
    let from = this.outAt - this.copyOffset;
    let to = this.outAt;
    for (const end = to + count; to < end; from++, to++) output[to] = output[from] ?? 0;
    this.outAt = to;
    this.copyLength -= count;
  }
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
