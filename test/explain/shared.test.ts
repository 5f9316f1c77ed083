import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ask, dictionary } from "./ask.ts";

/** The tables of the knowledge base, row by row, where they are at hand: each name and number is known. */

const folder = new URL("../../../shared/knowledge/", import.meta.url);
const isThere = existsSync(new URL("diagnoses.md", folder));
const text = (name: string) => (isThere ? readFileSync(new URL(name, folder), "utf8") : "");

/** Cells of the tables below a heading that starts with `title`. */
function rowsOf(file: string, title: string): string[][] {
  const [, rest = ""] = file.split(`\n## ${title}`);
  const lines = (rest.split("\n## ")[0] ?? "").split("\n").filter((line) => line.startsWith("|"));
  const cells = lines.map((line) => line.slice(1, -1).split("|"));
  return cells.map((row) => row.map((cell) => cell.replaceAll("**", "").replaceAll("`", "").trim())).slice(2);
}

const diagnoses = text("diagnoses.md");
const NAME = /\b(?:K(?:RB5?|DC|ERB)|ERB|KRB5\w*|NEEDED)_[A-Z0-9_]+[A-Z0-9]\b/g;

describe.skipIf(!isThere)("each KRB-ERROR code", () => {
  const rows = rowsOf(diagnoses, "L.").filter(([code = ""]) => /^\d+$/.test(code));
  test("all of the table", () => expect(rows.length).toBeGreaterThan(80));
  test.each(rows)("%s %s %s %s", (code, hex = "", name = "", also = "") => {
    const id = `kerberos/${Number(code)}`;
    const foreign = /older|tables print/.test(also);
    const spellings = [name, ...(foreign ? [] : [also])].flatMap((cell) => cell.match(NAME) ?? []);
    for (const said of [code, hex, `${-1_765_328_384 + Number(code)}`, ...spellings]) expect(ask(said)[0]).toBe(id);
  });
});

describe.skipIf(!isThere)("each NTSTATUS that comes with one", () => {
  const found = rowsOf(diagnoses, "M.").flatMap((row) => [
    ...row.join(" ").matchAll(/0x(C[0-9A-F]{7})(?: ([A-Z0-9_]{6,}))?/g),
  ]);
  test("all of the table", () => expect(found.length).toBeGreaterThan(20));
  test.each(found.map(([, hex = "", name = ""]) => [hex, name]))("%s %s", (hex, name) => {
    const number = Number.parseInt(hex, 16);
    const [id = ""] = ask(`0x${hex}`);
    expect(id).toMatch(/^ntstatus\//);
    for (const said of [hex, hex.toLowerCase(), `${number}`, `${number | 0}`]) expect(ask(said)).toContain(id);
    if (name !== "") for (const said of [name, `STATUS_${name}`, `NT_STATUS_${name}`]) expect(ask(said)).toContain(id);
  });
});

describe.skipIf(!isThere)("each code that users quote", () => {
  const rows = rowsOf(diagnoses, "N.").map(([code = "", name = ""]) => [code, name] as const);
  test("all of the table", () => expect(rows.length).toBeGreaterThan(30));
  test.each(rows.filter(([code]) => code.startsWith("0x")))("%s %s", (code, said) => {
    const name = said.split(" ")[0] ?? "";
    expect(ask(code)).toEqual([`sspi/${name.replace("SEC_E_", "")}`]);
    expect(ask(name)).toEqual(ask(code));
    for (const logged of said.match(/\d{10}/g) ?? []) expect(ask(logged)).toEqual(ask(code));
  });
  test.each(rows.filter(([code]) => /^\d/.test(code) && !code.startsWith("0x")))("%s", (code) => {
    for (const number of code.match(/\d{4}/g) ?? []) expect(ask(number).length).toBeGreaterThan(0);
  });
  test.each(rows.filter(([code]) => code.startsWith('"')))("%s", (code) => {
    for (const [, said = ""] of code.matchAll(/"([^"]+)"/g)) expect(ask(said.replace("…kvno … ", ""))).not.toEqual([]);
    for (const [number] of code.matchAll(/[−-]\d{10}/g)) expect(ask(number.replace("−", "-"))).not.toEqual([]);
  });
});

describe.skipIf(!isThere)("each name in circulation", () => {
  const rows = rowsOf(diagnoses, "O.");
  test("all of the table", () => expect(rows.length).toBeGreaterThan(12));
  test.each(rows)("%s: %s", (said = "", real = "") => {
    const names = said.split(/[,;] /).map((part) => part.replace(/^…/, "KRB5KDC_ERR_").replace(/^"|"$|^SPN "/g, ""));
    for (const name of names.filter((one) => !/^MIT library codes/.test(one))) {
      expect(ask(name.replace("… ", "").replace("*", "").replace("*", "")), name).not.toEqual([]);
    }
    const code = /\((\d+)\)/.exec(real)?.[1];
    if (code !== undefined && !real.includes(",")) expect(ask(names[0] ?? "")[0]).toBe(`kerberos/${code}`);
  });
});

describe.skipIf(!isThere)("each name of the second document", () => {
  const rows = rowsOf(text("documented-trace.md"), "The second document's error names");
  test("all of the table", () => expect(rows).toHaveLength(7));
  test.each(rows)("%s is %s (%s)", (said = "", real = "", code) => {
    expect(ask(said)[0]).toBe(`kerberos/${code}`);
    expect(ask(real.split(" ")[0] ?? "")[0]).toBe(`kerberos/${code}`);
  });
});

describe.skipIf(!isThere)("each rule of the knowledge base that the product has", () => {
  const ids = [...dictionary.topics.values()].filter(({ origin }) => origin === "rule").map(({ name }) => name);
  test.each(ids)("%s", (id) => {
    expect(ask(id)).toEqual([`rule/${id}`]);
    expect(ask(id.toUpperCase())).toEqual([`rule/${id}`]);
  });
});
