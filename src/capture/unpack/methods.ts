import type { Method } from "./unpacker.ts";

/** Decompressors by the name of their compression, each loaded when it is met. */
export const methods: { readonly [name in "zstd" | "lz4" | "xz" | "bzip2"]: () => Promise<Method> } = {
  zstd: async () => (await import("./zstd/frames.ts")).zstd,
  lz4: async () => (await import("./lz4/frames.ts")).lz4,
  bzip2: async () => (await import("./bzip2/streams.ts")).bzip2,
  xz: async () => (await import("./xz/streams.ts")).xz,
};
