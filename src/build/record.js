import { readFileSync, writeFileSync } from "node:fs";
import v8 from "node:v8";
import vm from "node:vm";
import { crc32 } from "node:zlib";

/** Loaded before the program while it is built: at its end, writes beside each part what V8 has compiled of it. */

const parts = [];

/** What compiles in no time needs no cache: that of `--version` would cost more than it saves. */
const WORTH_IT = 8192;

// V8 takes a cache only under the flags under which it was made; the program sets some, but loads its parts before.
v8.setFlagsFromString = () => {};

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    if (source.length >= WORTH_IT) parts.push({ script: this, filename: options.filename });
  }
};

process.on("exit", () => {
  for (const { script, filename } of parts) {
    const cache = script.createCachedData();
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(cache, crc32(readFileSync(filename))));
    const ending = `.${process.version}-${process.platform}-${process.arch}.cache`;
    writeFileSync(filename + ending, Buffer.concat([cache, sum]));
  }
});
