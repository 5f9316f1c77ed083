import { closeSync, openSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { ProblemSink } from "../model/problem.ts";
import { cryptography, system } from "./builtin.ts";
import { type Ranges, readFully } from "./ranges.ts";
import { reasonOf } from "./reasons.ts";
import type { Source } from "./source.ts";

export interface Spooling {
  readonly report: ProblemSink;
  readonly bounds: { readonly [name in "spooledBytes" | "spooledInMemory"]: number };
}

/** Bytes copied in a row before signals and timers get their turn. */
const BYTES_PER_TURN = 8 * 1024 * 1024;

/**
 * Reads a source to its end and keeps it where any range can be read again: a small one in memory, since a capture
 * holds secrets and a temporary folder may be full or read-only, a larger one in a temporary file.
 */
export async function spool(source: Source, spooling: Spooling): Promise<Ranges> {
  const store = new Store(spooling.bounds.spooledInMemory);
  let turn = BYTES_PER_TURN;
  try {
    for (let piece = await source.next(); piece !== null; piece = await source.next()) {
      if (store.size + piece.length > spooling.bounds.spooledBytes) {
        spooling.report({ text: tooMuch(spooling.bounds.spooledBytes) });
        break;
      }
      store.append(piece);
      if (store.size < turn) continue;
      await new Promise(setImmediate);
      turn = store.size + BYTES_PER_TURN;
    }
  } catch (error) {
    spooling.report({
      text: `the temporary copy in ${system().tmpdir()} failed: ${reasonOf(error)}; what came before is read`,
    });
  } finally {
    source.close();
  }
  return store;
}

function tooMuch(bytes: number): string {
  return `a format that is not read from front to back came through a pipe or compressed, and its temporary copy would be larger than ${bytes} bytes; what comes behind them was not read`;
}

class Store implements Ranges {
  size = 0;
  private readonly inMemory: number;
  private memory: Uint8Array = new Uint8Array(0);
  private descriptor: number | null = null;

  constructor(inMemory: number) {
    this.inMemory = inMemory;
  }

  append(piece: Uint8Array): void {
    if (this.descriptor === null && this.size + piece.length > this.inMemory) this.moveToFile();
    if (this.descriptor === null) this.keep(piece);
    else writeAll(this.descriptor, piece, this.size);
    this.size += piece.length;
  }

  async read(from: number, into: Uint8Array): Promise<number> {
    if (this.descriptor !== null) return readFully(this.descriptor, from, into);
    const part = this.memory.subarray(from, Math.min(from + into.length, this.size));
    into.set(part);
    return part.length;
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
    this.memory = new Uint8Array(0);
    this.size = 0;
  }

  private keep(piece: Uint8Array): void {
    if (this.size + piece.length > this.memory.length) {
      const grown = new Uint8Array(
        Math.min(this.inMemory, Math.max(65_536, this.memory.length * 2, this.size + piece.length)),
      );
      grown.set(this.memory);
      this.memory = grown;
    }
    this.memory.set(piece, this.size);
  }

  private moveToFile(): void {
    const descriptor = namelessFile();
    writeAll(descriptor, this.memory.subarray(0, this.size), 0);
    this.descriptor = descriptor;
    this.memory = new Uint8Array(0);
  }
}

/** A new file that only its owner may read and that vanishes with its descriptor, however the program ends. */
function namelessFile(): number {
  const path = join(system().tmpdir(), `kflow-${cryptography().randomUUID()}`);
  const descriptor = openSync(path, "wx+", 0o600);
  try {
    unlinkSync(path);
  } catch {
    // A system that keeps the names of open files: gone at the end at the latest.
    process.once("exit", () => rmSync(path, { force: true }));
  }
  return descriptor;
}

function writeAll(descriptor: number, bytes: Uint8Array, from: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, from + at);
}
