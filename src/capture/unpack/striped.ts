/** Puts pieces together to stripes of the size a hash works in. */
export abstract class Striped {
  protected length = 0;
  private readonly stripe: Uint8Array;
  private readonly stripeView: DataView;
  private waiting = 0;

  constructor(size: number) {
    this.stripe = new Uint8Array(size);
    this.stripeView = new DataView(this.stripe.buffer);
  }

  update(bytes: Uint8Array): void {
    const size = this.stripe.length;
    this.length += bytes.length;
    let at = 0;
    if (this.waiting > 0) {
      at = Math.min(size - this.waiting, bytes.length);
      this.stripe.set(bytes.subarray(0, at), this.waiting);
      this.waiting += at;
      if (this.waiting < size) return;
      this.round(this.stripeView, 0, size);
    }
    const end = bytes.length - ((bytes.length - at) % size);
    this.round(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at, end);
    this.stripe.set(bytes.subarray(end));
    this.waiting = bytes.length - end;
  }

  /** Works in the stripes of `view[from, to)`. */
  protected abstract round(view: DataView, from: number, to: number): void;

  protected rest(): DataView {
    return new DataView(this.stripe.buffer, 0, this.waiting);
  }
}
