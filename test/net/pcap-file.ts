import { readFileSync } from "node:fs";
import { type FrameView, newFrameView } from "../../src/model/frame.ts";

/** Every frame of a classic little-endian pcap file, in one reused view: just enough to compare with tshark. */
export function eachFrame(path: string, visit: (view: FrameView) => void): void {
  const bytes = Uint8Array.from(readFileSync(path));
  const words = new DataView(bytes.buffer);
  const magic = words.getUint32(0, true);
  if (magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) throw new Error("not a little-endian pcap file");
  const view = newFrameView();
  view.bytes = bytes;
  view.linkType = words.getUint32(20, true) & 0xffff;
  for (let at = 24; at + 16 <= bytes.length; at = view.end) {
    view.seconds = words.getUint32(at, true);
    view.nanos = words.getUint32(at + 4, true) * (magic === 0xa1b2c3d4 ? 1000 : 1);
    view.start = at + 16;
    view.end = view.start + words.getUint32(at + 8, true);
    view.wireLength = words.getUint32(at + 12, true);
    view.number += 1;
    visit(view);
  }
}
