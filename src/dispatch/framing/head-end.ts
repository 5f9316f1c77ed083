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
    const view = bytes.subarray(start, end);
    let at = 0;
    while (at < view.length) {
      if (this.state === "inside") {
        // The platform's search: lines with tokens are long.
        const feed = view.indexOf(LF, at);
        if (feed < 0) return -1;
        this.state = "line-start";
        at = feed + 1;
        continue;
      }
      const byte = view[at] ?? 0;
      at += 1;
      if (byte === LF && this.state === "line-start") return start + at;
      if (byte !== LF && byte !== CR) this.state = "inside";
    }
    return -1;
  }
}
