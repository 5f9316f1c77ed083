import { Damage } from "../damage.ts";
import type { History } from "../history.ts";
import { BackwardBits } from "./bits.ts";
import { type Codes, defaults, literalLengths, matchLengths } from "./codes.ts";
import { type FseTable, parseFse, repeating } from "./fse.ts";

const mode = { predefined: 0, repeated: 1, described: 2, same: 3 } as const;
/** `2 ** code` is where its offsets begin: larger ones reach beyond any window that is allowed. */
const LARGEST_OFFSET_CODE = 27;

interface TableKind {
  readonly table: "literals" | "offsets" | "matches";
  readonly largestLog: number;
  readonly codes: number;
}

const kinds: readonly TableKind[] = [
  { table: "literals", largestLog: 9, codes: literalLengths.bits.length },
  { table: "offsets", largestLog: 8, codes: 32 },
  { table: "matches", largestLog: 9, codes: matchLengths.bits.length },
];

/** Where a block goes: `history` has room for `largest` bytes, and no block may hold more. */
export interface Room {
  readonly history: History;
  readonly largest: number;
}

interface Section {
  readonly from: number;
  readonly to: number;
}

interface Counted extends Section {
  readonly count: number;
}

/** The sequences of compressed blocks: literals to copy, then a match to repeat, again and again. */
export class Sequences {
  private readonly view: DataView;
  private readonly tables: { [table in TableKind["table"]]: FseTable | null } = {
    literals: null,
    offsets: null,
    matches: null,
  };
  /** The offsets used last, the latest first. */
  private readonly recent = new Int32Array(3);

  constructor(view: DataView) {
    this.view = view;
  }

  /** A frame begins (RFC 8878 3.1.1.5). */
  begin(): void {
    for (const { table } of kinds) this.tables[table] = null;
    this.recent.set([1, 4, 8]);
  }

  /** Decodes the section of sequences in `[from, to)` and carries it out. */
  run({ from, to }: Section, literals: Uint8Array, room: Room): void {
    const { count, at } = this.readCount(from, to);
    if (count > 0) this.carryOut({ count, from: this.readTables(at, to), to }, literals, room);
    else if (at === to) room.history.append(literals);
    else throw new Damage("bytes behind the last sequence");
  }

  private readCount(from: number, to: number): { count: number; at: number } {
    if (from >= to) throw new Damage("a block without sequences");
    const { view } = this;
    const first = view.getUint8(from);
    if (first < 128) return { count: first, at: from + 1 };
    if (first < 255) return { count: ((first - 128) << 8) | view.getUint8(from + 1), at: from + 2 };
    return { count: view.getUint16(from + 1, true) + 0x7f00, at: from + 3 };
  }

  /** The tables of codes (RFC 8878 3.1.1.3.2.1); gives where the bit stream begins. */
  private readTables(from: number, to: number): number {
    if (from >= to) throw new Damage("a block without sequences");
    const modes = this.view.getUint8(from);
    if ((modes & 3) !== 0) throw new Damage("sequences of an unknown kind");
    let at = from + 1;
    for (const [place, kind] of kinds.entries()) at = this.readTable(kind, (modes >> (6 - place * 2)) & 3, at, to);
    return at;
  }

  private readTable({ table, largestLog, codes }: TableKind, how: number, from: number, to: number): number {
    if (how === mode.predefined) this.tables[table] = defaults[table];
    if (how === mode.predefined || how === mode.same) return from;
    if (how === mode.repeated) {
      if (from >= to) throw new Damage("a table beyond its block");
      this.tables[table] = checked(repeating(this.view.getUint8(from)), codes);
      return from + 1;
    }
    const parsed = parseFse(this.view, from, to, largestLog);
    this.tables[table] = checked(parsed.table, codes);
    return parsed.end;
  }

  /** RFC 8878 3.1.1.4: one long loop, since all the time is spent here. */
  private carryOut({ count, from, to }: Counted, literals: Uint8Array, { history, largest }: Room): void {
    const { literals: literalsTable, offsets: offsetsTable, matches: matchesTable } = this.tables;
    if (literalsTable === null || offsetsTable === null || matchesTable === null) {
      throw new Damage("sequences without their tables");
    }
    const bits = new BackwardBits(this.view, from, to);
    const { bytes } = history;
    const end = history.at + largest;
    let literalsState = bits.read(literalsTable.log);
    let offsetsState = bits.read(offsetsTable.log);
    let matchesState = bits.read(matchesTable.log);
    let literal = 0;
    let at = history.at;
    for (let left = count; left > 0; left--) {
      const code = offsetsTable.symbols[offsetsState] ?? 0;
      if (code > LARGEST_OFFSET_CODE) throw new Damage("a match beyond the window");
      const offsetValue = (1 << code) + bits.readLong(code);
      const match = lengthOf(matchLengths, matchesTable.symbols[matchesState] ?? 0, bits);
      const run = lengthOf(literalLengths, literalsTable.symbols[literalsState] ?? 0, bits);
      if (left > 1) {
        literalsState = following(literalsTable, literalsState, bits);
        matchesState = following(matchesTable, matchesState, bits);
        offsetsState = following(offsetsTable, offsetsState, bits);
      }
      if (bits.left < 0) throw new Damage("sequences beyond their block");
      if (run > literals.length - literal || run + match > end - at)
        throw new Damage("more bytes than a block may hold");
      copy(literals, literal, bytes, at, run);
      literal += run;
      at += run;
      const offset = this.offsetOf(offsetValue, run === 0);
      if (offset > at || offset < 1) throw new Damage("a match before the beginning");
      copy(bytes, at - offset, bytes, at, match);
      at += match;
    }
    if (bits.left !== 0 || literals.length - literal > end - at)
      throw new Damage("sequences that do not fit their block");
    history.at = at;
    history.append(literals.subarray(literal));
  }

  /** Small values name an offset that was used before (RFC 8878 3.1.1.5). */
  private offsetOf(value: number, hasNoLiterals: boolean): number {
    const { recent } = this;
    const first = recent[0] ?? 0;
    const second = recent[1] ?? 0;
    const third = recent[2] ?? 0;
    const which = value > 3 ? 3 : value - 1 + (hasNoLiterals ? 1 : 0);
    if (which === 0) return first;
    const offset = value > 3 ? value - 3 : which === 1 ? second : which === 2 ? third : first - 1;
    if (which > 1) recent[2] = second;
    recent[1] = first;
    recent[0] = offset;
    return offset;
  }
}

function checked(table: FseTable, codes: number): FseTable {
  for (const symbol of table.symbols) if (symbol >= codes) throw new Damage("a code that is not defined");
  return table;
}

function lengthOf({ base, bits: widths }: Codes, code: number, bits: BackwardBits): number {
  return (base[code] ?? 0) + bits.read(widths[code] ?? 0);
}

function following({ next, bits: widths }: FseTable, state: number, bits: BackwardBits): number {
  return (next[state] ?? 0) + bits.read(widths[state] ?? 0);
}

/** Byte by byte where runs are short or a match repeats itself; a call costs more than that. */
const SHORT = 32;

function copy(source: Uint8Array, from: number, target: Uint8Array, at: number, length: number): void {
  if (length > SHORT && (source !== target || from + length <= at)) {
    if (source === target) target.copyWithin(at, from, from + length);
    else target.set(source.subarray(from, from + length), at);
    return;
  }
  for (let done = 0; done < length; done++) target[at + done] = source[from + done] ?? 0;
}
