import { limits } from "../../bytes/limits.ts";

type State = "size" | "extension" | "data" | "data-end" | "trailer-start" | "trailer" | "ended" | "damaged";

const LF = 0x0a;
const CR = 0x0d;

/** Walks over a chunked body without keeping any of it (RFC 9112 7.1). */
export class Chunks {
  private state: State = "size";
  private size = 0;
  private digits = 0;
  private lineBytes = 0;

  get ended(): boolean {
    return this.state === "ended";
  }

  get damaged(): boolean {
    return this.state === "damaged";
  }

  /** Passes over `bytes[at, end)` and returns where the body ends, or `end`. */
  pass(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && this.state !== "ended" && this.state !== "damaged") {
      if (this.state === "data") {
        const passed = Math.min(this.size, end - at);
        this.passData(passed);
        at += passed;
      } else {
        this.state = this.byte(bytes[at] ?? 0);
        at += 1;
      }
    }
    return at;
  }

  /** Lost bytes inside a chunk are counted like others; false where they hid a boundary. */
  gap(length: number): boolean {
    if (this.state !== "data" || length > this.size) return false;
    this.passData(length);
    return true;
  }

  private passData(length: number): void {
    this.size -= length;
    if (this.size === 0) this.state = "data-end";
  }

  private byte(byte: number): State {
    this.lineBytes += 1;
    if (this.lineBytes > limits.httpChunkLineBytes) return "damaged";
    switch (this.state) {
      case "size":
        return this.sizeByte(byte);
      case "extension":
        return byte === LF ? this.startData() : "extension";
      case "data-end":
        return this.dataEnd(byte);
      case "trailer-start":
        return this.trailerStart(byte);
      default:
        if (byte !== LF) return "trailer";
        this.lineBytes = 0;
        return "trailer-start";
    }
  }

  private sizeByte(byte: number): State {
    const digit = hexDigit(byte);
    if (digit < 0) return this.digits === 0 ? "damaged" : byte === LF ? this.startData() : "extension";
    this.digits += 1;
    this.size = this.size * 16 + digit;
    return this.digits > 12 ? "damaged" : "size";
  }

  private startData(): State {
    this.lineBytes = 0;
    return this.size === 0 ? "trailer-start" : "data";
  }

  private dataEnd(byte: number): State {
    if (byte === CR) return "data-end";
    this.digits = 0;
    this.lineBytes = 0;
    return byte === LF ? "size" : "damaged";
  }

  private trailerStart(byte: number): State {
    if (byte === CR) return "trailer-start";
    return byte === LF ? "ended" : "trailer";
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
