import type { FileWindow } from "../file-window.ts";

/** Entries read at a time. */
const PART = 16_384;

/** The table of the frames' places, which alone says in which order they come: `count` × u32, read a part at a time. */
export class FrameTable {
  private readonly window: FileWindow;
  private readonly at: number;
  private readonly entries: number;
  /** One more than a part, so that the entry behind is always at hand. */
  private readonly part = new Uint32Array(PART + 1);
  private first = 0;
  private loaded = 0;

  constructor(window: FileWindow, at: number, entries: number) {
    this.window = window;
    this.at = at;
    this.entries = entries;
  }

  /** Entries that lie in the file. */
  get count(): number {
    return Math.max(0, Math.min(this.entries, Math.floor((this.window.size - this.at) / 4)));
  }

  /** Whether the entry at `index` (below `count`) and the one behind it are at hand; otherwise bytes must be fed first. */
  has(index: number): boolean {
    const end = Math.min(this.count, index + 2);
    return (index >= this.first && end <= this.first + this.loaded) || this.load(index);
  }

  /** Offset of the frame at `index`, for which `has` answered true. */
  placeOf(index: number): number {
    return this.part[index - this.first] ?? 0;
  }

  /** Offset of the frame behind `index`, or of the table itself where there is none. */
  placeBehind(index: number): number {
    return index + 1 < this.count ? this.placeOf(index + 1) : this.at;
  }

  private load(index: number): boolean {
    const count = Math.min(PART + 1, this.count - index);
    const at = this.window.find(this.at + 4 * index, 4 * count);
    if (at < 0) return false;
    const { view } = this.window;
    for (let entry = 0; entry < count; entry++) this.part[entry] = view.getUint32(at + 4 * entry, true);
    this.first = index;
    this.loaded = count;
    return true;
  }
}

/** Which places in a file were read; places closer together than `grain` bytes count as one. */
export class ReadPlaces {
  private readonly bits: Uint8Array;
  private readonly grain: number;

  /** Takes a bit per `grain` bytes: 32 MiB for the longest file of version 2, of 4 GiB. */
  constructor(size: number, grain: number) {
    this.grain = grain;
    this.bits = new Uint8Array(Math.ceil(Math.min(size, 2 ** 32) / grain / 8));
  }

  has(place: number): boolean {
    const bit = Math.floor(place / this.grain);
    return ((this.bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }

  add(place: number): void {
    const bit = Math.floor(place / this.grain);
    this.bits[bit >>> 3] = (this.bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }
}
