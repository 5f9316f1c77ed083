/** In order of first frames; what stands in order already, as nearly always, comes back as it is. */
export function inOrderOfFrames<T extends { readonly frame: number }>(pieces: readonly T[]): readonly T[] {
  let before = 0;
  for (const { frame } of pieces) {
    if (frame < before) return pieces.length > FEW ? pieces.toSorted(byFrame) : inserted(pieces);
    before = frame;
  }
  return pieces;
}

const byFrame = (a: { readonly frame: number }, b: { readonly frame: number }) => a.frame - b.frame;

/** Up to so many, insertion is faster than a sort with its comparisons by call. */
const FEW = 12;

function inserted<T extends { readonly frame: number }>(pieces: readonly T[]): readonly T[] {
  const sorted = pieces.slice();
  for (let i = 1; i < sorted.length; i++) {
    const piece = sorted[i];
    if (piece === undefined) continue;
    let at = i;
    for (let before = sorted[at - 1]; before && before.frame > piece.frame; before = sorted[at - 1]) {
      sorted[at] = before;
      at--;
    }
    sorted[at] = piece;
  }
  return sorted;
}
