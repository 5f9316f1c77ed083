import { spawnSync } from "node:child_process";

/** Whether a tool is installed. */
export function isInstalled(tool: string): boolean {
  return spawnSync(tool, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** What a tool writes to its standard output when it is fed with `bytes`. */
export function through(command: readonly [string, ...string[]], bytes: Uint8Array): Uint8Array {
  const [tool, ...words] = command;
  const { stdout, status, stderr } = spawnSync(tool, words, { input: bytes, maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  return new Uint8Array(stdout.buffer, stdout.byteOffset, stdout.byteLength);
}

/** Commands that compress, by the name of their compression. */
export const compressors = {
  gzip: [["gzip", "-c"]],
  zstd: [
    ["zstd", "-1", "-c"],
    ["zstd", "-3", "--no-check", "-c"],
    ["zstd", "-19", "-c"],
    ["zstd", "--ultra", "-22", "--long=27", "-c"],
    ["zstd", "--fast=5", "-c"],
  ],
  lz4: [
    ["lz4", "-1", "-c"],
    ["lz4", "-9", "-B4", "-BX", "-c"],
    ["lz4", "-BD", "-B5", "-c"],
    ["lz4", "--no-frame-crc", "-B7", "-c"],
    ["lz4", "-l", "-c"],
  ],
  bzip2: [
    ["bzip2", "-1", "-c"],
    ["bzip2", "-9", "-c"],
  ],
  xz: [
    ["xz", "-0", "-c"],
    ["xz", "-6", "-c"],
    ["xz", "-1", "--check=none", "-c"],
    ["xz", "-1", "--check=sha256", "-c"],
    ["xz", "--check=crc32", "--lzma2=preset=6,lc=0,lp=4,pb=0", "-c"],
    ["xz", "-1", "--block-size=10000", "-c"],
  ],
} as const;
