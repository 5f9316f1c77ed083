import { type Input, openInputs } from "../../src/cli/input.ts";
import { concat } from "../capture/build.ts";

/** What an input gave until its end. */
export interface Content {
  readonly name: string;
  readonly compression: string | null;
  readonly kind: "stream" | "ranges";
  readonly bytes: Uint8Array;
  readonly problems: readonly string[];
}

/** Opens all captures that a path names and reads each to its end; a complaint where it cannot be opened. */
export async function contentsOf(path: string): Promise<readonly Content[] | string> {
  const problems = new Map<Input, string[]>();
  const inputs = await openInputs(path, ({ text }, input) => {
    problems.set(input, [...(problems.get(input) ?? []), text]);
  });
  if (typeof inputs === "string") return inputs;
  const contents: Content[] = [];
  for (const input of inputs) {
    const { kind, bytes } = await allOf(input);
    contents.push({
      name: input.name,
      compression: input.compression,
      kind,
      bytes,
      problems: problems.get(input) ?? [],
    });
  }
  return contents;
}

async function allOf(input: Input): Promise<Pick<Content, "kind" | "bytes">> {
  const opened = await input.open();
  const parts: Uint8Array[] = [];
  if (opened.kind === "ranges") parts.push((await opened.read({ from: 0, length: opened.size })).slice());
  else for (let part = await opened.next(); part !== null; part = await opened.next()) parts.push(part.slice());
  opened.close();
  return { kind: opened.kind, bytes: concat(parts) };
}
