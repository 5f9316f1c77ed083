import type { FrameView } from "../model/frame.ts";

/** A capture format without I/O: fed with chunks of the (decompressed) file, gives frames. */
export interface FrameReader {
  readonly format: "pcap" | "pcapng";
  /** Hands over the next bytes of the file; only after `next` returned false. The chunk must stay unchanged until then. */
  feed(chunk: Uint8Array): void;
  /** No more bytes will come: a waiting tail becomes a problem. */
  end(): void;
  /** The next frame into `view`; false when more bytes are needed (or, after `end`, when there are none). */
  next(view: FrameView): boolean;
}
