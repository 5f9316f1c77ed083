import { type Fault, headAt } from "../../dissectors/asn1/survey.ts";
import type { Element } from "./element.ts";

/** Where a token ends by its own word; never before its bytes do. */
export function announcedEnd(bytes: Uint8Array): number {
  const head = headAt(bytes, 0);
  const isElement = typeof head !== "string" && head.constructed;
  return isElement ? Math.max(bytes.length, head.headerLength + head.length) : bytes.length;
}

/** What to tell of a token that ends before its outermost element does; null of a whole one. */
export function cutOf(elements: readonly Element[], length: number): Fault | null {
  const path: Element[] = [];
  for (let inside = elements.at(-1); inside !== undefined; inside = inside.children?.at(-1)) {
    if (inside.offset + inside.length <= length) break;
    path.push(inside);
  }
  const [outermost] = path;
  if (outermost === undefined) return null;
  const missing = outermost.offset + outermost.length - length;
  const names = path.map(({ name }) => name).slice(-3);
  return {
    text: `the token ends here, inside ${names.join(" > ")}; ${missing} more bytes were announced`,
    at: length,
  };
}
