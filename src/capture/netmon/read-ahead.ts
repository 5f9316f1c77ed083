import type { FileWindow } from "../file-window.ts";

/** Bytes asked for at once: few where frames lie scattered, many where they follow one another. */
const LEAST = 16_384;
const MOST = 1024 * 1024;

/** Chooses how much of a file is read at a time, and on which side of a frame, by how the frames before it lay. */
export class ReadAhead {
  private readonly window: FileWindow;
  private length = LEAST;
  private used = 0;
  private last = 0;

  constructor(window: FileWindow) {
    this.window = window;
  }

  /** As `FileWindow.find`, of a frame or its header. */
  find(at: number, length: number): number {
    const { window } = this;
    if (!window.holds(at, length)) this.ask(at, length);
    else return window.find(at, length);
    return -1;
  }

  /** A frame of so many bytes was read. */
  note(at: number, length: number): void {
    this.used += length;
    this.last = at;
  }

  private ask(at: number, length: number): void {
    const wasWorth = 2 * this.used >= this.length;
    this.length = wasWorth ? Math.min(MOST, 2 * this.length) : Math.max(LEAST, this.length / 2);
    this.used = 0;
    const size = Math.max(2 * length, this.length);
    const from = at < this.last ? Math.max(0, at - size / 2) : at;
    this.window.ask(from, size);
  }
}
