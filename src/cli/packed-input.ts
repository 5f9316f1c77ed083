import { limits } from "../bytes/limits.ts";
import { compressionOf } from "../capture/compression.ts";
import { isCapture, needsRanges } from "../capture/formats.ts";
import { explainUnreadable } from "../capture/recognise.ts";
import type { Problem } from "../model/problem.ts";
import type { Unpacking } from "./bounds.ts";
import type { Input, InputProblemSink, Opened } from "./input.ts";
import { type Undone, undo } from "./layers.ts";
import type { Origin } from "./origin.ts";
import { type Ranges, sharing } from "./ranges.ts";
import { reasonOf } from "./reasons.ts";
import { type Source, whenThere, withoutErrors } from "./source.ts";
import { spool } from "./spool.ts";

/** An archive that an input turned out to be. */
export interface FoundArchive {
  readonly kind: "zip" | "cab" | "tar";
  /** Compressions that lie around it. */
  readonly within: readonly string[];
  /** Opens it where it lies, or where it was copied to when it came through a pipe or out of a compression. */
  readonly open: () => Ranges;
  /** What was found on the way. */
  readonly problems: readonly Problem[];
}

/** An input whose compressions are undone on the way. */
export class PackedInput implements Input {
  readonly name: string;
  readonly size: number | null;
  compression: string | null = null;
  private readonly origin: Origin;
  private readonly sink: InputProblemSink;
  /** Told when it is opened. */
  private readonly waiting: Problem[] = [];
  private isOpen = false;
  private begun: Undone | null = null;
  private readonly unpacking: Unpacking;
  private read = 0;

  constructor(name: string, origin: Origin, sink: InputProblemSink) {
    this.name = name;
    this.size = origin.size;
    this.origin = origin;
    this.sink = sink;
    this.unpacking = { report: (problem) => this.report(problem), meter: { consumed: 0 }, bounds: limits };
  }

  get consumed(): number {
    return this.origin.isMetered ? this.unpacking.meter.consumed : this.read;
  }

  /** Tells a problem, once it is opened. */
  report(problem: Problem): void {
    if (this.isOpen) this.sink(problem, this);
    else this.waiting.push(problem);
  }

  async open(): Promise<Opened> {
    this.isOpen = true;
    for (const problem of this.waiting) this.sink(problem, this);
    try {
      const { source } = await this.begin();
      if (needsRanges(source.head)) return this.ranged(await this.rangesOf(source));
      return { kind: "stream", next: () => source.next(), close: () => source.close() };
    } catch (error) {
      this.report({ text: reasonOf(error) });
      return { kind: "stream", next: () => null, close: () => {} };
    }
  }

  /** The archive that it is, after which it cannot be opened; null where it is none. */
  async asArchive(): Promise<FoundArchive | null> {
    const { source, names } = await this.begin();
    const row = isCapture(source.head) ? null : compressionOf(source.head);
    if (row?.use !== "archive") return null;
    const open = this.directRanges() ?? sharing(await this.copyOf(source));
    source.close();
    return { kind: row.name, within: names, open, problems: this.waiting };
  }

  /** Whether a capture is in it; a sentence where it is something else that may hold one. */
  async holdsCapture(): Promise<boolean | string> {
    const { head, close } = (await this.begin()).source;
    if (isCapture(head)) return true;
    close();
    return compressionOf(head) === null ? false : explainUnreadable(head);
  }

  private async begin(): Promise<Undone> {
    if (this.begun !== null) return this.begun;
    const { origin, unpacking } = this;
    const raw = withoutErrors(await origin.stream(unpacking), unpacking.report);
    const depth = limits.compressionDepth - origin.within.filter((name) => name !== "tar").length;
    this.begun = await undo(this.counted(raw), { depth, isMetered: origin.isMetered }, unpacking);
    this.compression = [...origin.within, ...this.begun.names].join("+") || null;
    return this.begun;
  }

  private counted(source: Source): Source {
    const count = (piece: Uint8Array | null) => {
      this.read += piece?.length ?? 0;
      return piece;
    };
    return {
      next: () => whenThere(source.next(), count),
      close: () => source.close(),
    };
  }

  private directRanges(): (() => Ranges) | null {
    return this.begun?.names.length === 0 ? this.origin.ranges : null;
  }

  private async copyOf(source: Source): Promise<Ranges> {
    return await spool(source, { report: this.unpacking.report, bounds: limits });
  }

  private async rangesOf(source: Source): Promise<Ranges> {
    const direct = this.directRanges();
    if (direct === null) return await this.copyOf(source);
    const ranges = direct();
    source.close();
    this.read = 0;
    return ranges;
  }

  private ranged(ranges: Ranges): Opened {
    let buffer = new Uint8Array(0);
    return {
      kind: "ranges",
      size: ranges.size,
      read: async ({ from, length }) => {
        if (buffer.length < length) buffer = new Uint8Array(length);
        return buffer.subarray(0, await this.got(ranges, from, buffer.subarray(0, length)));
      },
      close: () => ranges.close(),
    };
  }

  private async got(ranges: Ranges, from: number, into: Uint8Array): Promise<number> {
    try {
      const got = await ranges.read(from, into);
      if (this.directRanges() !== null) this.read = Math.min(ranges.size, this.read + got);
      return got;
    } catch (error) {
      this.report({ text: `reading failed: ${reasonOf(error)}`, offset: from });
      return 0;
    }
  }
}
