import type { Unpacker } from "../capture/unpack/unpacker.ts";
import type { Source } from "./source.ts";

/** What comes out of an unpacker that is fed with a source. */
export function throughUnpacker(input: Source, unpacker: Unpacker): Source {
  let ended = false;
  return {
    async next() {
      for (;;) {
        const output = unpacker.next();
        if (output !== null) return output;
        if (ended || unpacker.done) return null;
        const piece = await input.next();
        if (piece !== null) unpacker.feed(piece);
        else unpacker.end();
        ended = piece === null;
      }
    },
    close: () => input.close(),
  };
}
