import { ipv4At, ipv6At } from "../../bytes/address.ts";
import { limits } from "../../bytes/limits.ts";
import type { CaptureFacts, InterfaceFacts } from "../../model/capture-facts.ts";
import { ETHERNET, RAW_IP, WIRELESS } from "../packet-look.ts";
import { endOfUtf16, utf16Of } from "../utf16.ts";

/** Frames of Network Monitor that describe the capture. Their numbers are big-endian, their texts are not. */

/** The bytes of a frame that describes something. */
interface Description {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
}

/** What the frames that hold no packet say of the capture. */
export class About {
  private network: NetworkInfo = { computer: "", interfaces: [] };
  private application = "";
  private captureFilter = "";

  note(kind: "networkInfo" | "filter", frame: Description): void {
    if (kind === "networkInfo") this.network = readNetworkInfo(frame) ?? this.network;
    else this.noteFilter(readFilter(frame));
  }

  facts(): CaptureFacts {
    const { computer, interfaces } = this.network;
    return {
      ...(this.application === "" ? {} : { application: this.application }),
      ...(computer === "" ? {} : { computer }),
      ...(interfaces.length > 0 ? { interfaces } : {}),
      ...(this.captureFilter === "" ? {} : { captureFilter: this.captureFilter }),
    };
  }

  private noteFilter(filter: FilterText | null): void {
    if (filter === null) return;
    if (filter.application !== "") this.application = filter.application;
    if (filter.isOfCapture) this.captureFilter = filter.text;
  }
}

interface NetworkInfo {
  readonly computer: string;
  readonly interfaces: readonly InterfaceFacts[];
}

/** Media of NDIS (ntddndis.h), where their frames have a link type. */
const linkTypes: ReadonlyMap<number, number> = new Map([
  [0, ETHERNET],
  [9, WIRELESS],
  [16, WIRELESS],
  [19, RAW_IP],
]);

/** What stands behind the GUID of an adapter: media, MTU, speed, hardware address, and the numbers of addresses. */
const ADAPTER = 4 + 4 + 8 + 6 + 6 * 2;

/** Media type 0xFFFB: version, number of adapters, name of the computer, then the adapters; null where it is cut. */
function readNetworkInfo({ bytes, view, start, end }: Description): NetworkInfo | null {
  if (start + 4 > end) return null;
  const adapters = Math.min(view.getUint16(start + 2), limits.namedInterfaces);
  const reader = new Texts(bytes, start + 4, end);
  const computer = reader.next();
  const interfaces: InterfaceFacts[] = [];
  while (interfaces.length < adapters && !reader.isCut) {
    const row = readAdapter(reader, view);
    if (row !== null) interfaces.push(row);
  }
  return reader.isCut && interfaces.length === 0 && computer === "" ? null : { computer, interfaces };
}

/** Texts one behind the other, each ended by a zero. */
class Texts {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;
  isCut = false;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  next(): string {
    const zero = endOfUtf16(this.bytes, this.at, this.end);
    if (zero === null) {
      this.isCut = true;
      return "";
    }
    const text = utf16Of(this.bytes, this.at, zero).slice(0, limits.commentCharacters);
    this.at = zero + 2;
    return text;
  }

  /** Goes past `length` bytes; where they stood, or null where they are not all there. */
  skip(length: number): number | null {
    if (this.isCut || this.at + length > this.end) {
      this.isCut = true;
      return null;
    }
    this.at += length;
    return this.at - length;
  }
}

/** Names, GUID, properties; then the addresses, masks, gateways, and the servers of DHCP and DNS. */
function readAdapter(texts: Texts, view: DataView): InterfaceFacts | null {
  const [name, description] = [texts.next(), texts.next(), texts.next()];
  const at = texts.skip(ADAPTER);
  if (at === null) return null;
  const [ipv4 = 0, ipv6 = 0, gateways = 0, dhcp = 0, dns4 = 0, dns6 = 0] = Array.from({ length: 6 }, (_, index) =>
    view.getUint16(at + 22 + 2 * index),
  );
  const addresses4 = addressesOf(texts, ipv4, 4);
  texts.skip(4 * ipv4);
  const addresses6 = addressesOf(texts, ipv6, 16);
  texts.skip(4 * (gateways + dhcp));
  const dnsServers = [...addressesOf(texts, dns4, 4), ...addressesOf(texts, dns6, 16)];
  const linkType = linkTypes.get(view.getUint32(at));
  return {
    ...(name === "" || name === undefined ? {} : { name }),
    ...(description === "" || description === undefined ? {} : { description }),
    ...(linkType === undefined ? {} : { linkType }),
    addresses: [...addresses4, ...addresses6],
    ...(dnsServers.length > 0 ? { dnsServers } : {}),
  };
}

function addressesOf(texts: Texts, count: number, size: 4 | 16): string[] {
  const at = texts.skip(size * count);
  if (at === null) return [];
  const text = size === 4 ? ipv4At : ipv6At;
  const shown = Math.min(count, limits.interfaceAddresses);
  return Array.from({ length: shown }, (_, index) => text(texts.bytes, at + size * index));
}

interface FilterText {
  readonly isOfCapture: boolean;
  /** `Microsoft Network Monitor 3.4`. */
  readonly application: string;
  readonly text: string;
}

const CAPTURE_FILTER = 1;

/** Media type 0xFFFF: version, kind, version and name of the program, text of the filter; null where it is cut. */
function readFilter({ bytes, view, start, end }: Description): FilterText | null {
  if (start + 14 > end) return null;
  const reader = new Texts(bytes, start + 14, end);
  const name = reader.next();
  const text = reader.next();
  if (reader.isCut) return null;
  const version = `${view.getUint32(start + 6)}.${view.getUint32(start + 10)}`;
  const isOfCapture = view.getUint32(start + 2) === CAPTURE_FILTER;
  return { isOfCapture, application: name === "" ? "" : `${name} ${version}`, text };
}
