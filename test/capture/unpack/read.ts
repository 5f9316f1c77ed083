import { type Method, unpackerOf } from "../../../src/capture/unpack/unpacker.ts";
import { concat } from "../build.ts";

export interface Unpacked {
  readonly bytes: Uint8Array;
  readonly problems: readonly string[];
  readonly done: boolean;
}

/** Unpacks all of `packed`, fed in pieces of `size` bytes from one buffer that is overwritten for every piece. */
export function unpacked(method: Method, packed: Uint8Array, size = 65_536): Unpacked {
  const problems: string[] = [];
  const unpacker = unpackerOf(method, ({ text }) => problems.push(text));
  const parts: Uint8Array[] = [];
  const drain = () => {
    for (let out = unpacker.next(); out !== null; out = unpacker.next()) parts.push(out.slice());
  };
  const buffer = new Uint8Array(Math.max(1, Math.min(size, packed.length)));
  for (let at = 0; at < packed.length && !unpacker.done; at += size) {
    const part = packed.subarray(at, at + size);
    buffer.set(part);
    unpacker.feed(buffer.subarray(0, part.length));
    drain();
    buffer.fill(0xee);
  }
  unpacker.end();
  drain();
  return { bytes: concat(parts), problems, done: unpacker.done };
}
