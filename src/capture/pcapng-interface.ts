import { defaultResolution, type Resolution, resolutionOf } from "./pcapng-time.ts";

/** What an Interface Description Block says about the frames that name it. */
export interface CaptureInterface {
  readonly linkType: number;
  /** 0: no limit. */
  readonly snapLength: number;
  readonly resolution: Resolution;
}

const OPTION_END = 0;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;

/**
 * Reads the body of an Interface Description Block, `view[at, end)`, of at least 8 bytes; draft-ietf-opsawg-pcapng 4.2.
 * `complain` is called when an option runs past the block; those before it still count.
 */
export function readInterface(
  view: DataView,
  at: number,
  end: number,
  littleEndian: boolean,
  complain: () => void,
): CaptureInterface {
  let octet: number | null = null;
  let offset = 0;
  for (let option = at + 8; option + 4 <= end; ) {
    const code = view.getUint16(option, littleEndian);
    const length = view.getUint16(option + 2, littleEndian);
    if (code === OPTION_END) break;
    if (option + 4 + length > end) {
      complain();
      break;
    }
    if (code === IF_TSRESOL && length >= 1) octet = view.getUint8(option + 4);
    if (code === IF_TSOFFSET && length >= 8) offset = Number(view.getBigInt64(option + 4, littleEndian));
    option += 4 + ((length + 3) & ~3);
  }
  const resolution = octet === null && offset === 0 ? defaultResolution : resolutionOf(octet ?? 6, offset);
  return { linkType: view.getUint16(at, littleEndian), snapLength: view.getUint32(at + 4, littleEndian), resolution };
}
