import { findByte } from "../../bytes/find.ts";

const LF = 0x0a;
const CR = 0x0d;

/** Finds the empty line that ends a header block, over any number of pieces. */
export class HeadEnd {
  /** Nothing but empty lines so far; inside a line; at the start of a line. */
  private state: "before" | "inside" | "line-start" = "before";

  reset(): void {
    this.state = "before";
  }

  /** Offset behind the empty line, or -1 where it is not in `bytes[start, end)`. */
  find(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      if (this.state === "inside") {
        const feed = findByte(bytes, LF, at, end);
        if (feed < 0) return -1;
        this.state = "line-start";
        at = feed + 1;
        continue;
      }
      const byte = bytes[at] ?? 0;
      at += 1;
      if (byte === LF && this.state === "line-start") return at;
      if (byte !== LF && byte !== CR) this.state = "inside";
    }
    return -1;
  }
}
