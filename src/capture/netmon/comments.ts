import { limits } from "../../bytes/limits.ts";
import type { FileWindow } from "../file-window.ts";
import { utf16Of } from "../utf16.ts";

/** Frames per comment, offset of the frame, bytes of the title. */
const HEAD = 12;
const LONGEST_TITLE = 65_536;
const AHEAD = 2 * LONGEST_TITLE;

/** The comments of versions 2.2 and 2.3, of which the titles are kept: a description may be text or RTF. */
export class CommentList {
  readonly titles: string[] = [];
  /** Where the list stands. */
  readonly offset: number;
  private at: number;
  private end: number;
  /** A sentence where the list could not be read to its end. */
  complaint: string | null = null;

  constructor(at: number, length: number) {
    this.offset = at;
    this.at = at;
    this.end = at + length;
  }

  /** Reads on; false where bytes must be fed first. */
  read(window: FileWindow): boolean {
    while (this.at + HEAD < this.end) {
      if (this.titles.length >= limits.comments)
        return this.stop(`only the first ${limits.comments} comments are read`);
      if (this.end > window.size) return this.stop("the comments run past the end of the file and are not read");
      if (!this.readOne(window)) return false;
    }
    return true;
  }

  private readOne(window: FileWindow): boolean {
    const head = window.find(this.at, HEAD, AHEAD);
    if (head < 0) return false;
    const length = window.view.getUint32(head + 8, true);
    const behind = HEAD + length + 4;
    if (length === 0 || length > LONGEST_TITLE || this.at + behind > this.end) {
      return this.stop(`a comment is damaged; ${this.titles.length} were read`);
    }
    const at = window.find(this.at, behind, AHEAD);
    if (at < 0) return false;
    const shown = Math.min(length, 2 * limits.commentCharacters);
    this.titles.push(utf16Of(window.bytes, at + HEAD, at + HEAD + shown));
    this.at += behind + window.view.getUint32(at + behind - 4, true);
    return true;
  }

  private stop(complaint: string): true {
    this.complaint = complaint;
    this.end = this.at;
    return true;
  }
}
