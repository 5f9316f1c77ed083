import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** The map of `src/README.md`, held by a machine: who may import whom, and who may touch the world. */

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a room may import beside its own files. A `types` row allows `import type` only. */
const rooms: Readonly<Record<string, { readonly values: RegExp; readonly types?: RegExp; readonly why: string }>> = {
  "src/model": { values: /^$/, types: /^dissectors\/registry\.ts$/, why: "words everyone shares stand on nothing" },
  "src/bytes": { values: /^$/, why: "the ground stands on nothing" },
  "src/capture": { values: /^src\/(model|bytes)\//, why: "a reader knows frames and nothing of what is in them" },
  "src/net": { values: /^src\/(model|bytes)\//, why: "packets are carried without being understood" },
  dissectors: { values: /^src\/(model|bytes)\//, why: "dissectors are blind: bytes in, messages out" },
  "src/dispatch": {
    values: /^(src\/(model|bytes)\/|src\/net\/sink\.ts$|dissectors\/)/,
    why: "dispatch looks upstream only through the sink",
  },
  "src/correlate": {
    values: /^(src\/(model|bytes)\/|dissectors\/\w+\/codes\.ts$)/,
    types: /^(dissectors\/(registry|\w+\/message)\.ts|src\/net\/sink\.ts)$/,
    why: "above the dissectors only types and code tables cross",
  },
  "src/diagnose": {
    values: /^(src\/(model|bytes|correlate)\/|dissectors\/\w+\/codes\.ts$)/,
    types: /^dissectors\/(registry|\w+\/message)\.ts$/,
    why: "above the dissectors only types and code tables cross",
  },
  "src/report": {
    values: /^src\/(model|bytes)\//,
    types: /^dissectors\/(registry|\w+\/message)\.ts$/,
    why: "a reporter sees reported values and nothing else",
  },
  "src/decode": {
    values: /^(src\/(model|bytes|capture|net|dispatch|report)\/|dissectors\/)/,
    why: "decode joins the rooms that find a token, and judges nothing",
  },
  "src/compare": {
    values: /^src\/(model\/|version\.ts$)/,
    why: "a comparison is made of reported values",
  },
  "src/explain": {
    values: /^(src\/(model|bytes|correlate|diagnose|report)\/|dissectors\/\w+\/codes\.ts$)/,
    types: /^dissectors\/(registry|\w+\/message)\.ts$/,
    why: "explain says of a code what the rules say of a capture",
  },
  "src/cli": {
    values:
      /^src\/((index|version|platform|decode\/index|explain\/index)\.ts$|(model|report)\/|bytes\/(limits|nearest)\.ts$|capture\/((compression|formats|recognise|time-window)\.ts$|unpack\/)|net\/packet-filter\.ts$)/,
    types: /^src\/capture\/(reader|clock)\.ts$/,
    why: "the front end uses the public door",
  },
  src: {
    values: /^(src\/(?!cli\/)|dissectors\/|package\.json$)/,
    why: "nothing but the program itself starts the front end",
  },
};

/** What a front end hands in: every room may name its type. */
const PLATFORM = "src/platform.ts";

/** The one file that may import each outside library. */
const doors: Readonly<Record<string, string>> = {
  asn1js: "dissectors/asn1/tree.ts",
  tinyglobby: "src/cli/files.ts",
  yargs: "src/cli/argv.ts",
  "yargs-parser": "src/cli/argv.ts",
  "cli-table3": "src/report/table.ts",
};

interface Import {
  readonly file: string;
  /** Path from the root for own files, else the bare name. */
  readonly target: string;
  readonly own: boolean;
  readonly typeOnly: boolean;
}

const files = ["src", "dissectors"].flatMap((folder) =>
  readdirSync(posix.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
    .filter((name) => name.endsWith(".ts")),
);
const text = new Map(files.map((file) => [file, readFileSync(posix.join(root, file), "utf8")]));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const source = text.get(file) ?? "";
  const standing = [...source.matchAll(/^(?:import|export)\s+(type\s)?[^;"]*?from\s+"([^"]+)"/gm)];
  const others = [...source.matchAll(/\bimport\s*\(\s*(type\s)?"([^"]+)"|^import\s+(type\s)?"([^"]+)"/gm)];
  return [...standing, ...others].map((match) => {
    const name = match[2] ?? match[4] ?? "";
    const own = name.startsWith(".");
    const target = own ? posix.join(posix.dirname(file), name) : name;
    return { file, target, own, typeOnly: match[1] !== undefined };
  });
}

/** The room of a file: its folder under `src`, `src` itself for the files that stand there, or `dissectors`. */
function roomOf(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "src" && !second.endsWith(".ts") ? `src/${second}` : top;
}

describe("the direction of dependencies", () => {
  it("knows every room", () => {
    expect(files.length).toBeGreaterThan(20);
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in rooms))).toEqual([]);
  });

  it.each(Object.keys(rooms))("%s", (room) => {
    const row = rooms[room];
    const wrong = imports.filter(({ file, target, own, typeOnly }) => {
      if (!own || roomOf(file) !== room || roomOf(target) === room) return false;
      if (typeOnly && target === PLATFORM) return false;
      return !(row?.values.test(target) || (typeOnly && row?.types?.test(target)));
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}: ${row?.why}`)).toEqual([]);
  });
});

describe("the outside world", () => {
  it("is touched by the front end only: no Node module elsewhere", () => {
    const wrong = imports.filter(({ file, target }) => target.startsWith("node:") && roomOf(file) !== "src/cli");
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it("is touched by the front end only: no process, Buffer or console elsewhere", () => {
    const world = /\bprocess\.[a-z]|\bBuffer\.[a-z]|\bnew Buffer\b|[:<|]\s*Buffer\b|\bconsole\.[a-z]/;
    expect(linesWith(world).filter((line) => !line.startsWith("src/cli/"))).toEqual([]);
  });

  it("has one door per library", () => {
    const wrong = imports.filter(
      ({ file, target, own }) => !own && !target.startsWith("node:") && doors[target] !== file,
    );
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });
});

describe("types", () => {
  it("are never given up: no any, no suppressed complaint", () => {
    const wrong = /(?:[:<,|&]|\bas)\s*any\s*(?:[;,)=\]|&>[{]|$)|@ts-(?:ignore|expect-error|nocheck)|biome-ignore/;
    expect(linesWith(wrong)).toEqual([]);
  });
});

/** `file:line` of every line of code, comments aside, that matches. */
function linesWith(pattern: RegExp): string[] {
  return [...text].flatMap(([file, source]) =>
    source
      .split("\n")
      .map((line, at) => ({ line: line.replace(/^\s*(?:\*|\/\*\*).*$/, ""), place: `${file}:${at + 1}` }))
      .filter(({ line }) => pattern.test(line))
      .map(({ line, place }) => `${place} ${line.trim()}`),
  );
}
