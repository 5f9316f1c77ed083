import type { ProblemSink } from "../../model/problem.ts";
import { mediaOf } from "./media.ts";

interface Row {
  readonly frame: number;
  readonly offset: number;
  count: number;
}

/** Frames of media types that are not read: told with their number, and the place of the first, once all are known. */
export class UnreadMedia {
  private readonly rows = new Map<number, Row>();

  add(media: number, frame: number, offset: number): void {
    const row = this.rows.get(media);
    if (row === undefined) this.rows.set(media, { frame, offset, count: 1 });
    else row.count += 1;
  }

  tell(report: ProblemSink): void {
    for (const [media, { frame, offset, count }] of this.rows) {
      const what = `media type 0x${media.toString(16)} (${mediaOf(media).name})`;
      report({ text: `${count} frames are of ${what}, which is not read`, frame, offset });
    }
  }
}
