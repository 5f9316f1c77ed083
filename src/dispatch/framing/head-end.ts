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
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === LF) {
        if (this.state === "line-start") return at + 1;
        if (this.state === "inside") this.state = "line-start";
      } else if (byte !== CR) {
        this.state = "inside";
      }
    }
    return -1;
  }
}
