import { describe, expect, it } from "vitest";
import { parseArgv } from "../../src/cli/argv.ts";
import { type Options, optionsOf, wantsJson } from "../../src/cli/options.ts";

async function meant(...argv: string[]): Promise<Options | string> {
  const parsed = await parseArgv(argv, 80);
  if ("help" in parsed) return "help";
  return "complaint" in parsed ? parsed.complaint : optionsOf(parsed.typed);
}

const defaults = {
  command: { name: "analyze", format: "text" },
  files: ["a.pcap"],
  window: null,
  filter: null,
  hosts: [],
  timeout: null,
  maxMemory: null,
  color: "auto",
  width: null,
  quiet: false,
};

describe("command lines that mean something", () => {
  it.each<[string[], object]>([
    [["a.pcap"], {}],
    [["-"], { files: ["-"] }],
    [["--format", "json", "a.pcap"], { command: { name: "analyze", format: "json" } }],
    [["a.pcap", "--format=json"], { command: { name: "analyze", format: "json" } }],
    [["--format", "json", "--format", "text", "a.pcap"], {}],
    [["--host", "web", "--host", " 10.0.0.1", "a.pcap"], { hosts: ["web", "10.0.0.1"] }],
    [["--host", "12", "a.pcap"], { hosts: ["12"] }],
    [["--timeout", "1.5", "--max-memory", "512", "a.pcap"], { timeout: 1_500, maxMemory: 512 * 1024 * 1024 }],
    [["messages", "-q", "a.pcap"], { command: { name: "messages", format: "text" }, quiet: true }],
    [["--color", "always", "--width", "132", "-q", "a.pcap"], { color: "always", width: 132, quiet: true }],
    [["messages", "a.pcap"], { command: { name: "messages", format: "text" } }],
    [["messages", "--format", "ndjson", "a.pcap"], { command: { name: "messages", format: "ndjson" } }],
    [
      ["messages", "--color", "never", "--width", "80", "a.pcap"],
      { command: { name: "messages", format: "text" }, color: "never", width: 80 },
    ],
    [["--", "--odd"], { files: ["--odd"] }],
    [["0123"], { files: ["0123"] }],
  ])("%j", async (argv, more) => {
    expect(await meant(...argv)).toEqual({ ...defaults, ...more });
  });
});

describe("command lines that do not", () => {
  it.each<[string[], RegExp]>([
    [[], /no capture file given/],
    [[""], /name of the capture file is empty/],
    [["messages"], /no capture file given \(- is standard input\); try kflow messages --help/],
    [["decode", "--frame", "3", "a.pcap", "b.pcap"], /--frame takes one capture; 2 were given/],
    [["--until", "later", "a.pcap"], /--until takes .*, not "later"/],
    [["--filter", "host", "a.pcap"], /--filter: host in a filter needs an address, not ""/],
    [["--filter", "host web", "a.pcap"], /needs an address, not "web"; --host finds the logins to a name/],
    [["--filter", "hst 1", "a.pcap"], /the filter takes host, net, port, .*, not "hst"/],
    [["--filter", "tcp and", "a.pcap"], /something is missing at the end of the filter/],
    [["--fromat", "json", "a.pcap"], /unknown option --fromat; did you mean --format\?/],
    [["-x", "a.pcap"], /unknown option -x/],
    [["--bogus=1", "a.pcap"], /^unknown option --bogus \(/],
    [["--format", "yaml", "a.pcap"], /--format takes text or json, not "yaml"/],
    [["--format", "toString", "a.pcap"], /--format takes text or json/],
    [["messages", "--format", "json", "a.pcap"], /messages --format takes text or ndjson, not "json"/],
    [
      ["messages", "--host", "web", "a.pcap"],
      /--host works with kflow and kflow compare only; see kflow messages --help/,
    ],
    [["--frame", "3", "a.pcap"], /--frame works with kflow decode only; see kflow --help/],
    [["explain", "--timeout", "5", "7"], /--timeout works with other commands only; see kflow explain --help/],
    [["completion", "--format", "text"], /--format works with other commands only/],
    [["--format"], /^--format needs a value behind it; see kflow --help/],
    [["compare", "a.pcap", "--host"], /^--host needs a value behind it; see kflow compare --help/],
    [["--timeout", "0", "a.pcap"], /--timeout takes a number of seconds greater than 0/],
    [["--timeout", "soon", "a.pcap"], /not "soon"/],
    [["--timeout", "0x10", "a.pcap"], /not "0x10"/],
    [["--max-memory", "-5", "a.pcap"], /--max-memory takes a number of MiB/],
    [["--color", "blue", "a.pcap"], /--color takes auto, always or never, not "blue"/],
    [["--width", "5", "a.pcap"], /--width takes a number of columns from 20 to 1000/],
    [["--host", "", "a.pcap"], /--host needs a name/],
  ])("%j", async (argv, complaint) => {
    expect(await meant(...argv)).toMatch(complaint);
  });
});

describe("help", () => {
  it("shows every option, examples and the exit codes", async () => {
    const parsed = await parseArgv(["--help"], 80);
    const help = "help" in parsed ? parsed.help : "";
    for (const word of [
      "--host",
      "--timeout",
      "--max-memory",
      "--color",
      "--width",
      "--quiet",
      "--version",
      "Examples:",
      "130",
    ]) {
      expect(help).toContain(word);
    }
    expect(help).not.toContain("[string]");
  });
});

describe("the help of a command", () => {
  it.each<[string, string, readonly string[]]>([
    ["messages", "text or ndjson; text where not given", ["--host", "--width", "--quiet", "json (messages"]],
    ["compare", "130  interrupted", ["--quiet", "ndjson"]],
    ["decode", "what each token is, and problems only", ["--host", "verdicts and problems"]],
    ["explain", "text or json; text where not given", ["--timeout", "explain: "]],
    ["completion", "zsh", ["--format"]],
  ])("of %s shows what it takes and nothing else", async (command, word, absent) => {
    const parsed = await parseArgv([command, "--help"], 100);
    const help = "help" in parsed ? parsed.help : "";
    expect(help).toContain(word);
    for (const other of absent) expect(help).not.toContain(other);
  });
});

describe("whether JSON is promised", () => {
  it.each<[string[], boolean]>([
    [["--format", "json"], true],
    [["--format=json", "--bogus"], true],
    [["--format", "text"], false],
    [["messages", "--format", "json"], false],
    [["--format"], false],
  ])("%j", (argv, promised) => {
    expect(wantsJson(argv)).toBe(promised);
  });
});
