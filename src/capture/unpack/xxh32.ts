import { Striped } from "./striped.ts";

const PRIME1 = 0x9e3779b1;
const PRIME2 = 0x85ebca77;
const PRIME3 = 0xc2b2ae3d;
const PRIME4 = 0x27d4eb2f;
const PRIME5 = 0x165667b1;

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** XXH32 with seed 0 (xxHash specification 0.1.1), fed with pieces. */
export class Xxh32 extends Striped {
  private readonly lanes = Int32Array.of((PRIME1 + PRIME2) | 0, PRIME2 | 0, 0, -PRIME1 | 0);

  constructor() {
    super(16);
  }

  protected override round(view: DataView, from: number, to: number): void {
    let [a = 0, b = 0, c = 0, d = 0] = this.lanes;
    for (let at = from; at < to; at += 16) {
      a = Math.imul(rotated(a + Math.imul(view.getInt32(at, true), PRIME2), 13), PRIME1);
      b = Math.imul(rotated(b + Math.imul(view.getInt32(at + 4, true), PRIME2), 13), PRIME1);
      c = Math.imul(rotated(c + Math.imul(view.getInt32(at + 8, true), PRIME2), 13), PRIME1);
      d = Math.imul(rotated(d + Math.imul(view.getInt32(at + 12, true), PRIME2), 13), PRIME1);
    }
    this.lanes.set([a, b, c, d]);
  }

  /** 32 bits, unsigned. */
  digest(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.lanes;
    let hash = this.length < 16 ? PRIME5 : rotated(a, 1) + rotated(b, 7) + rotated(c, 12) + rotated(d, 18);
    hash = (hash + this.length) | 0;
    const rest = this.rest();
    let at = 0;
    for (; at + 4 <= rest.byteLength; at += 4) {
      hash = Math.imul(rotated(hash + Math.imul(rest.getInt32(at, true), PRIME3), 17), PRIME4);
    }
    for (; at < rest.byteLength; at++) {
      hash = Math.imul(rotated(hash + Math.imul(rest.getUint8(at), PRIME5), 11), PRIME1);
    }
    hash = Math.imul(hash ^ (hash >>> 15), PRIME2);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
