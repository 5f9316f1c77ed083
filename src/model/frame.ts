/**
 * One captured frame, as the capture reader shows it.
 *
 * The reader owns one such object and rewrites it for every frame: nothing may keep it, or `bytes`, past the call.
 */
export interface FrameView {
  /** The buffer in which the frame lies; the captured bytes are `bytes[start, end)`. */
  bytes: Uint8Array;
  start: number;
  end: number;
  /** 1-based, as Wireshark numbers frames. */
  number: number;
  seconds: number;
  nanos: number;
  /** Length on the wire; more than `end - start` when a snap length cut the frame. */
  wireLength: number;
  /** LINKTYPE_ number. */
  linkType: number;
  /**
   * The point at which it was seen, where one packet passes several (layers of Windows, several captures of the same
   * minutes): any number that differs from point to point; -1 where the capture has only one.
   */
  point: number;
  /** The program that sent or received it, as far as the capture knows: `lsass.exe (680)`. */
  process: string | null;
  /** Why the captured host threw the packet away at this point, in its words; null: it did not, or nobody says so. */
  dropped: string | null;
}

export function newFrameView(): FrameView {
  return {
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    number: 0,
    seconds: 0,
    nanos: 0,
    wireLength: 0,
    linkType: 0,
    point: -1,
    process: null,
    dropped: null,
  };
}
