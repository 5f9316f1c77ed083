import { expect, test } from "vitest";
import { ByForm } from "../../src/correlate/by-form.ts";
import { isFormOf } from "../../src/correlate/case.ts";
import { Random } from "../whole/random.ts";

const item = (host: string) => ({ host });

test("a name is found by its shorter and its longer forms, and by nothing else", () => {
  const items = ["web.contoso.com", "db", "fs.emea.contoso.com"].map(item);
  const known = new ByForm(items);
  const found = (name: string) => known.find(name)?.host;
  expect(["web", "web.contoso.com", "web.contoso.com.example.org"].map(found)).toEqual(
    new Array(3).fill("web.contoso.com"),
  );
  expect(["db.contoso.com", "fs.emea", "we", "web2", "contoso.com", "dba"].map(found)).toEqual(
    ["db", "fs.emea.contoso.com"].concat(new Array(4).fill(undefined)),
  );
});

test("one that got a shorter form is found by that", () => {
  const items = ["web.emea.contoso.com"].map(item);
  const known = new ByForm(items);
  const [only] = items;
  expect(known.find("web.asia.contoso.com")).toBeUndefined();
  if (only) known.shorten(only, "web");
  expect(only?.host).toBe("web");
  expect(known.find("web.asia.contoso.com")).toBe(only);
});

test("names that lengthen and shorten one another are found as by comparing each with all", () => {
  const random = new Random(11);
  for (let round = 0; round < 300; round++) {
    const word = () => Array.from({ length: 1 + random.below(3) }, () => "ab"[random.below(2)] ?? "").join(".");
    const plain: { host: string }[] = [];
    const known = new ByForm<{ host: string }>([]);
    const indexed: { host: string }[] = [];
    for (let count = 0; count < 12; count++) {
      const name = word();
      const same = plain.find(({ host }) => isFormOf(name, host) || isFormOf(host, name));
      if (same === undefined) plain.push(item(name));
      else if (isFormOf(same.host, name)) same.host = name;
      const found = known.find(name);
      if (found === undefined) {
        const one = item(name);
        indexed.push(one);
        known.add(one);
      } else if (isFormOf(found.host, name)) known.shorten(found, name);
      expect(indexed).toEqual(plain);
    }
  }
});
