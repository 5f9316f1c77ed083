import { nodePlatform } from "../../src/cli/platform.ts";
import { type DecodedToken, type Decoding, decodeBytes, type Element, tokensOfFrame } from "../../src/decode/index.ts";

export const fingerprint = nodePlatform.fingerprint;

export function decoded(bytes: Uint8Array): DecodedToken {
  return decodeBytes(bytes, fingerprint, "");
}

export function decodedFrame(capture: Uint8Array, frame: number): Decoding {
  const tokens = tokensOfFrame(frame, nodePlatform);
  tokens.feed(capture);
  return tokens.end();
}

/** All elements, outermost first. */
export function all(elements: readonly Element[]): Element[] {
  return elements.flatMap((element) => [element, ...all(element.children ?? [])]);
}

/** The first element of that name inside `from`. */
export function inside(from: Element | undefined, ...path: readonly string[]): Element | undefined {
  const [name, ...rest] = path;
  if (from === undefined || name === undefined) return from;
  return inside(
    from.children?.find((child) => child.name === name),
    ...rest,
  );
}

export const value = (from: Element | undefined, ...path: readonly string[]) => inside(from, ...path)?.value ?? null;

/** The whole encrypted part in one line, as the dissector reads it. */
export function sealedWords(from: Element | undefined, ...path: readonly string[]) {
  const part = inside(from, ...path);
  const note = inside(part, "cipher")?.note ?? "";
  const [, length, print] = /^(\d+) bytes \(not shown\), fingerprint ([0-9a-f]+)$/.exec(note) ?? [];
  return { etype: value(part, "etype"), kvno: value(part, "kvno"), length: Number(length), print };
}
