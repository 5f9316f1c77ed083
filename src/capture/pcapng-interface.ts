import { ipv4At, ipv6At } from "../bytes/address.ts";
import { limits } from "../bytes/limits.ts";
import type { InterfaceFacts } from "../model/capture-facts.ts";
import { eachOption, optionText } from "./pcapng-options.ts";
import { defaultResolution, type Resolution, resolutionOf } from "./pcapng-time.ts";

/** What an Interface Description Block says about the frames that name it. */
export interface CaptureInterface {
  readonly linkType: number;
  /** 0: no limit. */
  readonly snapLength: number;
  readonly resolution: Resolution;
}

const option = {
  name: 2,
  description: 3,
  ipv4: 4,
  ipv6: 5,
  resolution: 9,
  filter: 11,
  offset: 14,
} as const;
const FILTER_AS_TEXT = 0;
/** The snap length that tools ask for when they mean none. */
const WHOLE_PACKETS = 65_535;

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
  const isWhole = eachOption(view, at + 8, end, littleEndian, (code, place, length) => {
    if (code === option.resolution && length >= 1) octet = view.getUint8(place);
    if (code === option.offset && length >= 8) offset = Number(view.getBigInt64(place, littleEndian));
  });
  if (!isWhole) complain();
  const resolution = octet === null && offset === 0 ? defaultResolution : resolutionOf(octet ?? 6, offset);
  return { linkType: view.getUint16(at, littleEndian), snapLength: view.getUint32(at + 4, littleEndian), resolution };
}

/** What the same body says for people; null where that is nothing. */
export function describeInterface(
  view: DataView,
  at: number,
  end: number,
  littleEndian: boolean,
): InterfaceFacts | null {
  const texts: { name?: string; description?: string; filter?: string } = {};
  const addresses: string[] = [];
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  eachOption(view, at + 8, end, littleEndian, (code, place, length) => {
    if (code === option.name) texts.name = optionText(view, place, length);
    if (code === option.description) texts.description = optionText(view, place, length);
    if (code === option.filter && length > 1 && view.getUint8(place) === FILTER_AS_TEXT) {
      texts.filter = optionText(view, place + 1, length - 1);
    }
    if (addresses.length >= limits.interfaceAddresses) return;
    if (code === option.ipv4 && length >= 8) addresses.push(ipv4At(bytes, place));
    if (code === option.ipv6 && length >= 17) addresses.push(ipv6At(bytes, place));
  });
  const announced = view.getUint32(at + 4, littleEndian);
  const snapLength = announced > 0 && announced < WHOLE_PACKETS ? { snapLength: announced } : {};
  const facts = { ...texts, ...snapLength, ...(addresses.length > 0 ? { addresses } : {}) };
  return Object.keys(facts).length === 0 ? null : { linkType: view.getUint16(at, littleEndian), ...facts };
}
