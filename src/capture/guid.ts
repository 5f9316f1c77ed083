/** A GUID as Windows stores it, as four little-endian numbers. */
export type Guid = readonly [number, number, number, number];

/** From `2ed6006e-4729-4609-b423-3ee7bcd678ef`. */
export function guidOf(text: string): Guid {
  const digits = text.replaceAll("-", "");
  const at = (from: number) => Number.parseInt(digits.slice(from, from + 2), 16);
  const bytes = [6, 4, 2, 0, 10, 8, 14, 12, 16, 18, 20, 22, 24, 26, 28, 30].map(at);
  const view = new DataView(Uint8Array.from(bytes).buffer);
  return [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)];
}

/** Whether the 16 bytes at `at` are that GUID. */
export function isGuid(view: DataView, at: number, guid: Guid): boolean {
  return (
    view.getUint32(at, true) === guid[0] &&
    view.getUint32(at + 4, true) === guid[1] &&
    view.getUint32(at + 8, true) === guid[2] &&
    view.getUint32(at + 12, true) === guid[3]
  );
}

/** The GUID at `at` as text. */
export function guidText(view: DataView, at: number): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  const tail = [10, 11, 12, 13, 14, 15].map((place) => hex(view.getUint8(at + place), 2)).join("");
  const head = `${hex(view.getUint32(at, true), 8)}-${hex(view.getUint16(at + 4, true), 4)}`;
  return `${head}-${hex(view.getUint16(at + 6, true), 4)}-${hex(view.getUint16(at + 8), 4)}-${tail}`;
}
