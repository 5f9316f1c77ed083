const NONE = 0;
const UNKNOWN = 0xffffffff;
/** A power of two. */
const REMEMBERED = 256;
const ids = new Uint32Array(REMEMBERED);
const texts = new Array<string>(REMEMBERED).fill("");

/**
 * The process that an event's header names, for people; null where it names none. The same text for the same number, as
 * a capture repeats them all the time.
 */
export function processText(id: number): string | null {
  if (id === NONE || id === UNKNOWN) return null;
  const place = id & (REMEMBERED - 1);
  if (ids[place] !== id) {
    ids[place] = id;
    texts[place] = `pid ${id}`;
  }
  return texts[place] ?? null;
}
