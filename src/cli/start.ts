#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

/**
 * Starts the program, which lies beside this file in parts that load one another. A third of what a small capture
 * costs would be V8 compiling them, so the build keeps what V8 made of them (`src/build/code-cache.js`), and a start
 * hands it back. Only `vm.Script` takes it, and no module of ECMAScript does, so the parts are functions of CommonJS's
 * names.
 *
 * A cache is a help and no more: one that is missing, damaged, of another Node or of other parts is left alone, and
 * nothing is ever written. V8 itself looks at versions, flags and the length of the source, and runs whatever else it
 * is given, so the sum of source and cache is looked at here.
 */
interface Module {
  readonly exports: object;
}
type Requiring = (name: string) => unknown;
type Part = (exports: object, require: Requiring, module: Module, filename: string) => void;

const parts = join(import.meta.dirname, "parts");
const cacheEnding = `.${process.version}-${process.platform}-${process.arch}.cache`;
const loaded = new Map<string, Module>();
const SUM = 4;

function requirePart(name: string): unknown {
  if (!name.startsWith("./")) return require(name);
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const filename = join(parts, name);
  const part: Part = compiled(filename).runInThisContext();
  part(module.exports, requirePart, module, filename);
  return module.exports;
}

function compiled(filename: string): Script {
  const source = readFileSync(filename);
  const cachedData = cacheOf(filename, source);
  // The parts are ASCII: so they are read as they lie on the disk.
  return new Script(source.toString("latin1"), { filename, ...(cachedData === null ? {} : { cachedData }) });
}

function cacheOf(filename: string, source: Uint8Array): Uint8Array | null {
  try {
    const bytes = readFileSync(filename + cacheEnding);
    const { crc32 }: typeof import("node:zlib") = require("node:zlib");
    const cache = bytes.subarray(0, -SUM);
    return crc32(cache, crc32(source)) === bytes.readUInt32LE(cache.length) ? cache : null;
  } catch {
    // There is none, or none that can be read; or Node is older than its `crc32` (20.15).
    return null;
  }
}

requirePart("./main.cjs");
