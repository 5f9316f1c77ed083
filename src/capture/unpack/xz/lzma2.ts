import { cutShort, Damage } from "../damage.ts";
import type { History } from "../history.ts";
import type { Output, Packed } from "../packed.ts";
import { Lzma } from "./lzma.ts";

const control = { end: 0, storedFresh: 1, stored: 2, lzma: 0x80 } as const;
/** What an LZMA chunk resets before it begins, each with all before it. */
const reset = { state: 1, properties: 2, dictionary: 3 } as const;

/** LZMA2 (.xz specification 1.2.1, 5.3.1 and the source of xz): chunks that are stored, or packed with LZMA. */
export class Lzma2 {
  private readonly packed: Packed;
  private readonly history: History;
  private readonly lzma: Lzma;
  private readonly window: number;
  /** Bytes since the dictionary was reset; null before it was reset at all. */
  private position: number | null = null;
  private hasProperties = false;

  constructor(packed: Packed, history: History, window: number) {
    this.packed = packed;
    this.history = history;
    this.window = window;
    this.lzma = new Lzma(history);
  }

  /** Decodes the chunks up to the one that ends them. */
  *decode(): Output {
    const { packed } = this;
    this.history.begin(this.window);
    for (let kind = yield* packed.byte(); kind !== control.end; kind = yield* packed.byte()) {
      if (kind >= control.lzma) yield* this.lzmaChunk(kind);
      else if (kind <= control.stored) yield* this.storedChunk(kind);
      else throw new Damage("a chunk of an unknown kind");
    }
  }

  private *storedChunk(kind: number): Output {
    const { packed, history } = this;
    if (kind === control.storedFresh) this.resetDictionary();
    const position = this.reached();
    const size = (yield* this.size16()) + 1;
    history.reserve(size);
    for (let left = size; left > 0; ) {
      const part = yield* packed.some(left);
      if (part.length === 0) throw cutShort();
      history.append(part);
      left -= part.length;
      yield history.take();
    }
    this.position = position + size;
  }

  private *lzmaChunk(kind: number): Output {
    const { history, lzma } = this;
    const size = ((kind & 0x1f) << 16) + (yield* this.size16()) + 1;
    const packedSize = (yield* this.size16()) + 1;
    yield* this.resetAsTold((kind >> 5) & 3);
    const position = this.reached();
    if (!this.hasProperties) throw new Damage("a chunk without its properties");
    const bytes = yield* this.packed.upTo(packedSize);
    history.reserve(size);
    const isWhole = lzma.decode(bytes, { size, position, reach: Math.min(position, this.window) });
    const output = history.take();
    this.position = position + output.length;
    yield output;
    if (bytes.length < packedSize) throw cutShort();
    if (!isWhole) throw new Damage("a chunk that does not end where it should");
  }

  private *resetAsTold(what: number): Generator<null, void> {
    if (what === reset.dictionary) this.resetDictionary();
    if (what >= reset.properties) {
      if (!this.lzma.setProperties(yield* this.packed.byte())) throw new Damage("properties out of bounds");
      this.hasProperties = true;
    }
    if (what >= reset.state) this.lzma.reset();
  }

  private resetDictionary(): void {
    this.position = 0;
    this.hasProperties = false;
    this.history.begin(this.window);
  }

  private reached(): number {
    if (this.position === null) throw new Damage("a chunk without dictionary");
    return this.position;
  }

  private *size16(): Generator<null, number> {
    return ((yield* this.packed.byte()) << 8) | (yield* this.packed.byte());
  }
}
