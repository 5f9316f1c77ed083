import { describe, expect, it } from "vitest";
import { complaintsOf } from "./whole/invariants.ts";
import { jsonOf, messagesOf, messageTextOf, textOf } from "./whole/run.ts";
import { allSamples } from "./whole/samples.ts";
import { type Names, scene, signOn } from "./whole/scene.ts";

/** Names that attack whoever reads the report: the terminal, the shell into which a command is pasted. */

const long = process.env["KFLOW_LONG"] === "1";

const attacks = {
  "an escape sequence": "a\u001b]0;calc\u0007\u001b[2Jb",
  "a line that is overwritten": "calc\rb\u0008c",
  "more lines": "a\ncalc\r\nb",
  "C1 controls": "a\u009b31mcalc\u0085b",
  "bidi overrides": "a\u202ecalc\u2066b\u200bc\ufeff",
  "line separators": "a\u2028calc\u2029b",
  HTML: "<img src=x onerror=calc>&lt;",
  "a substitution": "$(calc)",
  backticks: "`calc`",
  "a second command": "x;calc",
  "a background command": "x&calc&",
  "a pipe": "x|calc",
  "an end of the quotes": "';calc;'",
  "double quotes": '";calc;"',
  variables: "$env:x;%calc%$x",
  "a comment": "x #calc",
  "a remark": "x    (calc)",
  "a remark within": "x    (;calc",
  "an option": "--calc",
  redirection: ">calc<calc",
  "a backslash": "x\\;calc\\",
  surrogates: "\ud83d\ude00calc😀",
  "10 000 letters": `calc${"x".repeat(10_000)}`,
  "10 000 signs": "\u001b;calc".repeat(1_600),
} as const;

/** Signs that PowerShell takes for single quotes as well. */
const curly = { "a curly quote": "x\u2019;calc;\u2018x", "a low quote": "x\u201b;calc;\u201a" } as const;

/** KRB-ERROR codes, each of which calls up other advice. */
const codes = [6, 9, 12, 13, 14, 17, 18, 22, 23, 24, 26, 27, 29, 31, 35, 37, 41, 48, 52, 60, 62, 68, 69] as const;

function namesWith(attack: string): Names {
  const all = { host: attack, realm: attack, user: attack, service: `HTTP/${attack}`, agent: attack, text: attack };
  return all;
}

function scenesOf(attack: string): readonly Uint8Array[] {
  const names = namesWith(attack);
  const tame = { ...names, host: "web.corp.test", realm: "CORP.TEST", user: "u", service: "HTTP/web.corp.test" };
  const one = (part: Partial<Names>) => scene({ ...tame, ...part });
  const single = [{ host: attack }, { realm: attack }, { user: attack }, { service: names.service }].map(one);
  return [scene(names), scene(tame), ...single, signOn(names), signOn({ ...tame, user: attack })];
}

describe.each(Object.entries({ ...attacks, ...curly }))("names with %s", (_what, attack) => {
  const scenes = scenesOf(attack);

  it("leave the report valid and do not reach the terminal", { timeout: 300_000 }, () => {
    for (const capture of scenes) {
      const report = jsonOf(capture);
      expect(complaintsOf(report)).toEqual([]);
      expect(JSON.parse(report).sequences.length).toBeGreaterThan(0);
      for (const text of [report, messagesOf(capture)]) expect(text).not.toMatch(OBEYED);
      expect(messageTextOf(capture).split("\n").filter(isObeyed)).toEqual([]);
      // The table of a very long name takes seconds: one width is enough for those.
      for (const width of attack.length > 1_000 ? [40] : [40, 80, 400])
        expect(unfit(textOf(capture, { width }), width)).toEqual([]);
    }
  });
});

describe.each(Object.entries(attacks))("in commands, names with %s", (_what, attack) => {
  it("stand in quotes", () => {
    const names = namesWith(attack);
    const refused = codes.flatMap((code) => [signOn(names, code), scene(names, code)]);
    expect([...scenesOf(attack), ...refused].flatMap(loose)).toEqual([]);
  });
});

describe.each(Object.entries(curly))("in commands, names with %s", (_what, attack) => {
  it("stand in quotes for PowerShell too", () => {
    expect(scenesOf(attack).flatMap(loose)).toEqual([]);
  });
});

/** Samples in which every name of the lab was replaced by as many bytes of an attack. */
describe("names of real captures", () => {
  const samples = allSamples().filter(({ bytes }, at) => bytes.length < 30_000 && (long || at % 4 === 0));
  const words = ["iisserver", "contoso", "CONTOSO", "John", "dca", "fileserver"];
  it.each(Object.entries(attacks))("with %s", { timeout: 120_000 }, (_what, attack) => {
    const wrong = samples.flatMap(({ name, bytes }) => {
      const capture = renamed(bytes, words, attack);
      const faults = [...complaintsOf(jsonOf(capture)), ...unfit(textOf(capture), 100), ...loose(capture)];
      return faults.map((fault) => `${name}: ${fault}`);
    });
    expect(wrong).toEqual([]);
  });
});

function renamed(bytes: Uint8Array, words: readonly string[], attack: string): Uint8Array {
  const text = words.reduce(
    (all, word) => all.replaceAll(word, latin(attack).slice(0, word.length).padEnd(word.length, "c")),
    Buffer.from(bytes).toString("latin1"),
  );
  return Uint8Array.from(Buffer.from(text, "latin1"));
}

const latin = (text: string) => Buffer.from(text).toString("latin1");

/** What JSON lets through although a terminal obeys it. */
const OBEYED = /[^\P{Cc}\n]|[\u202a-\u202e\u2028\u2029\u2066-\u2069]/u;
const isObeyed = (line: string) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line);

/** Commands are never broken; a name in them is cut at two thousand signs, each told in at most nine. */
const LONGEST_COMMAND = 20_000;

/** Lines that a terminal would obey, or that are wider than asked for. */
function unfit(text: string, width: number): string[] {
  return text.split("\n").filter((line) => {
    const isWhole = /^ {4}|^ {2}(confirm|fix|filter) /.test(line);
    return isObeyed(line) || line.length > (isWhole ? LONGEST_COMMAND : width);
  });
}

interface Advice {
  readonly confirm: readonly string[];
  readonly fix: readonly string[];
}

/** Commands of a report in which an attack stands outside of quotes, as sh or PowerShell would read them. */
function loose(capture: Uint8Array): string[] {
  const report = JSON.parse(jsonOf(capture));
  const findings: Advice[] = [
    ...report.findings,
    ...report.sequences.flatMap((s: { findings: Advice[] }) => s.findings),
  ];
  const commands = findings.flatMap(({ confirm, fix }) => [...confirm, ...fix]);
  return commands.filter((line) => [/'[^']*'/g, /['‘’‚‛][^'‘’‚‛]*['‘’‚‛]/g].some((quotes) => isLoose(line, quotes)));
}

function isLoose(line: string, quotes: RegExp): boolean {
  const bare = line.replace(quotes, "").replace(/(^| )#.*$/, "");
  const words = bare.split(" ").filter((word) => /calc/i.test(word));
  return line.includes("\n") || /['‘’‚‛]/.test(bare) || words.some((word) => !PLAIN_WORD.test(word));
}

/** A name as it is, or as the host of a UNC path. */
const PLAIN_WORD = /^([\w.:/@+*-]*\$?|\\\\[\w.-]+(\\[\w.-]+)+)$/;
