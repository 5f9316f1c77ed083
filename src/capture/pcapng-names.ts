import { ipv4At, ipv6At } from "../bytes/address.ts";
import { limits } from "../bytes/limits.ts";
import { textOf } from "../bytes/text.ts";
import type { NamedAddress } from "../model/capture-facts.ts";

const record = { end: 0, ipv4: 1, ipv6: 2 } as const;

/** Names that Name Resolution Blocks give to addresses: of several for one address the first. */
export class NamedAddresses {
  private readonly names = new Map<string, string>();
  /** There were more than are kept. */
  isFull = false;

  /** Reads the body of a block, `view[at, end)`; draft-ietf-opsawg-pcapng 4.5. What is no name is passed over. */
  read(view: DataView, at: number, end: number, littleEndian: boolean): void {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let place = at; place + 4 <= end; ) {
      const type = view.getUint16(place, littleEndian);
      const length = view.getUint16(place + 2, littleEndian);
      const value = place + 4;
      if (type === record.end || value + length > end) return;
      if (type === record.ipv4 && length > 4) this.add(ipv4At(bytes, value), nameIn(bytes, value + 4, value + length));
      if (type === record.ipv6 && length > 16)
        this.add(ipv6At(bytes, value), nameIn(bytes, value + 16, value + length));
      place = value + ((length + 3) & ~3);
    }
  }

  list(): NamedAddress[] {
    return [...this.names].map(([address, name]) => ({ address, name }));
  }

  private add(address: string, name: string): void {
    if (name === "" || this.names.has(address)) return;
    if (this.names.size < limits.namedAddresses) this.names.set(address, name);
    else this.isFull = true;
  }
}

/** The first of the names in `bytes[at, end)`, each ended by a zero. */
function nameIn(bytes: Uint8Array, at: number, end: number): string {
  const zero = bytes.indexOf(0, at);
  const stop = zero < 0 ? end : Math.min(zero, end);
  return textOf(bytes, at, Math.min(stop, at + limits.dnsNameBytes));
}
