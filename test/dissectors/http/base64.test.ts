import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64 as decode } from "../../../dissectors/http/base64.ts";

const fromBase64 = (text: string) => decode(Buffer.from(`<${text}>`), 1, 1 + Buffer.byteLength(text));

test("reads back what was written, padded or not", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.boolean(), (bytes, padded) => {
      const text = Buffer.from(bytes).toString("base64");
      expect(fromBase64(padded ? text : text.replace(/=+$/, ""))).toEqual(new Uint8Array(bytes));
    }),
  );
});

test.each(["", "=", "A", "AAAAA", "AA A", "AA-_", "AA==AA", "AA===", "ÄÄÄÄ"])("%j is refused", (text) => {
  expect(fromBase64(text)).toBeNull();
});
