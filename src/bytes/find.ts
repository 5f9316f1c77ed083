/** Bytes looked at one by one before the platform's search is called, which costs as much as a short line. */
const FEW = 64;

/** Offset of the first `byte` in `bytes[start, end)`, or -1. */
export function findByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  const near = Math.min(end, start + FEW);
  for (let at = start; at < near; at++) if (bytes[at] === byte) return at;
  if (near === end) return -1;
  if (end === bytes.length) return bytes.indexOf(byte, near);
  const found = bytes.subarray(near, end).indexOf(byte);
  return found < 0 ? -1 : near + found;
}

/** Whether these octets stand at `start`. */
export function standsAt(bytes: Uint8Array, start: number, octets: Uint8Array): boolean {
  for (let at = 0; at < octets.length; at++) if (bytes[start + at] !== octets[at]) return false;
  return true;
}
