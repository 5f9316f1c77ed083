import type { CaptureFacts } from "../model/capture-facts.ts";
import type { FrameView } from "../model/frame.ts";
import type { CaptureFormat } from "../model/report.ts";

/** What readers of all formats have in common. */
interface Reader {
  readonly format: CaptureFormat;
  /** No more frames will come, whatever is fed. */
  readonly stopped: boolean;
  /** The next frame into `view`; false when more bytes are needed, or when there are no more frames. */
  next(view: FrameView): boolean;
  /** What the file says about itself, as far as it was read. */
  facts?(): CaptureFacts;
}

/** A capture format without I/O: fed with chunks of the (decompressed) file, gives frames. */
export interface FrameReader extends Reader {
  /** Hands over the next bytes of the file; only after `next` returned false. The chunk must stay unchanged until then. */
  feed(chunk: Uint8Array): void;
  /** No more bytes will come: a waiting tail becomes a problem. `next` may still give frames that waited for this. */
  end(): void;
}

/** Bytes of a file from `from` on; never empty, never beyond its end. */
export interface ByteRange {
  readonly from: number;
  readonly length: number;
}

/** A format whose parts lie scattered over the file: it says which bytes it needs next. */
export interface RangeReader extends Reader {
  /** The bytes to be fed next, at most `limits.blockBytes` of them; null: all that is needed was read. */
  wants(): ByteRange | null;
  /** The bytes wanted last, fewer only where the file turned out shorter. They stay unchanged until the next call. */
  feed(bytes: Uint8Array): void;
}
