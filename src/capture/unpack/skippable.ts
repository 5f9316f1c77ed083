import type { Method } from "./unpacker.ts";

const MAGIC = 0x184d2a50;

/** Frames of foreign data that zstd and lz4 share (RFC 8878 3.1.2); the low four bits are free. */
export function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) === MAGIC;
}

/** Goes past skippable frames at the start and gives the rest as it is, whatever it may be. */
export const skippable: Method = {
  name: "zstd or lz4",
  *decode(packed) {
    while (yield* packed.has(4)) {
      if (!isSkippable(packed.pieces.view.getUint32(packed.pieces.at, true))) break;
      yield* packed.skip(4);
      yield* packed.skip(yield* packed.u32());
    }
    for (let rest = yield* packed.some(REST); rest.length > 0; rest = yield* packed.some(REST)) yield rest;
  },
};

const REST = 1024 * 1024;
