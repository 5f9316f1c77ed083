/** The sentence about packets that the capturing machine counted as lost; null where it lost none. */
export function lossOf(dropped: number): string | null {
  if (dropped === 0) return null;
  return `the capturing machine dropped ${dropped} packets, so a message that is missing here may have been sent`;
}
