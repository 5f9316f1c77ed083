import { jsonText } from "../report/json-text.ts";
import type { Decoding } from "./index.ts";

const SCHEMA = "kflow/decode/1";

/** The tokens and their trees as one JSON document. */
export function decodingJson({ tokens, problems }: Decoding): string {
  return `${jsonText({ schema: SCHEMA, tokens, problems }, 2)}\n`;
}
