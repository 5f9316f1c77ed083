import parser from "yargs-parser";
import { nearest } from "../bytes/nearest.ts";
import { type CommandName, type CommandWords, commands, type Flag, isCommand } from "./commands.ts";

/** A command line as it was typed: words and flags, nothing checked but their names. */
export interface Typed {
  readonly command: CommandName;
  /** Captures; of `decode` without `--frame` the words of what was pasted. */
  readonly files: readonly string[];
  readonly frame: string | undefined;
  readonly host: readonly string[];
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly filter: string | undefined;
  readonly quiet: boolean;
  readonly list: boolean;
  readonly format: string | undefined;
  readonly timeout: string | undefined;
  readonly maxMemory: string | undefined;
  readonly color: string | undefined;
  readonly width: string | undefined;
}

export type Parsed = { readonly typed: Typed } | { readonly help: string } | { readonly complaint: string };

/** What is said of one flag. */
interface Words {
  readonly type: "string" | "boolean";
  readonly describe: string;
  readonly alias?: string;
  readonly requiresArg?: boolean;
  readonly array?: boolean;
  readonly nargs?: number;
}

const one = { type: "string", requiresArg: true } as const;

const flags = {
  format: { ...one, describe: "text or json (messages: text or ndjson); text where not given" },
  host: { type: "string", array: true, nargs: 1, describe: "only logins to this host or address; may be repeated" },
  since: { ...one, describe: "only frames from this time on: 2026-11-20T09:41:38Z, 09:41:38, +90s" },
  until: { ...one, describe: "only frames before this time" },
  filter: { ...one, describe: "only packets that fit: 'host 10.0.0.5 and not port 445'" },
  timeout: { ...one, describe: "stop reading after so many seconds and report what was read" },
  "max-memory": { ...one, describe: "stop reading beyond so many MiB and report what was read" },
  color: { ...one, describe: "auto, always or never; auto where not given" },
  width: { ...one, describe: "columns of the text report, instead of the terminal's" },
  frame: { ...one, describe: "decode: the messages of this frame of FILE" },
  list: { type: "boolean", describe: "explain: everything that is known" },
  quiet: { type: "boolean", alias: "q", describe: "verdicts and problems only" },
  version: { type: "boolean", describe: "print the version" },
  help: { type: "boolean", alias: "h", describe: "print this help" },
} as const satisfies Record<Flag | "version" | "help", Words>;

/** The same for the parser of yargs, to which `NaN` is one value that may not be left out. */
const hints = {
  string: namesOf(({ type }) => type === "string"),
  boolean: namesOf(({ type }) => type === "boolean"),
  array: namesOf(({ array }) => array === true),
  alias: valuesOf(({ alias }) => alias),
  narg: valuesOf(({ nargs, requiresArg }) => (requiresArg ? Number.NaN : nargs)),
  configuration: { "boolean-negation": false, "parse-positional-numbers": false },
};

function namesOf(isWanted: (flag: Words) => boolean): string[] {
  return Object.entries<Words>(flags).flatMap(([name, flag]) => (isWanted(flag) ? [name] : []));
}

function valuesOf<T>(value: (flag: Words) => T | undefined): Record<string, T> {
  const rows = Object.entries<Words>(flags).map(([name, flag]) => [name, value(flag)] as const);
  return Object.fromEntries(rows.filter((row): row is readonly [string, T] => row[1] !== undefined));
}

/** Reads the words behind `kflow`. */
export async function parseArgv(argv: readonly string[], columns: number): Promise<Parsed> {
  const unknown = unknownFlag(argv);
  if (unknown !== null) return { complaint: unknown };
  const { argv: args, error }: { argv: Args; error: Error | null } = parser.detailed([...argv], hints);
  if (error !== null) return { complaint: `${error.message}; see kflow --help` };
  if (args.help === true) return { help: await helpFor(commands[commandOf(argv[0])], columns) };
  return { typed: typedOf(args) };
}

/** What yargs makes of it, which takes as long to load as all the rest of a command line. */
async function helpFor(words: CommandWords, columns: number): Promise<string> {
  const { default: yargs } = await import("yargs");
  const help = yargs([])
    .scriptName("kflow")
    .locale("en")
    .version(false)
    .help(false)
    .usage(words.usage)
    .options(flags)
    .group([...words.flags], "Options:")
    .group(["version", "help"], "Other:")
    .epilogue(words.epilogue)
    .wrap(Math.min(columns, 100));
  for (const flag of foreignTo(words)) help.hide(flag);
  return (await help.getHelp()).replace(TYPES, "");
}

/** Flags of other commands are read, to be refused in words, but not shown. */
function foreignTo({ flags: own }: CommandWords): string[] {
  const always: readonly string[] = ["version", "help", ...own];
  return Object.keys(flags).filter((name) => !always.includes(name));
}

/** The first word where it is a command; else it names a capture to be analysed. */
function commandOf(word: string | undefined): CommandName {
  return word !== undefined && isCommand(word) ? word : "analyze";
}

/** A flag given twice arrives as a list. */
type Value = string | readonly string[] | undefined;

interface Args {
  readonly _: readonly (string | number)[];
  readonly format?: Value;
  readonly host?: readonly string[] | undefined;
  readonly since?: Value;
  readonly until?: Value;
  readonly filter?: Value;
  readonly timeout?: Value;
  readonly "max-memory"?: Value;
  readonly color?: Value;
  readonly width?: Value;
  readonly frame?: Value;
  readonly help?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly list?: boolean | undefined;
}

function typedOf(args: Args): Typed {
  const words = args._.map(String);
  const command = commandOf(words[0]);
  return {
    command,
    files: command === "analyze" ? words : words.slice(1),
    frame: last(args.frame),
    host: args.host ?? [],
    since: last(args.since),
    until: last(args.until),
    filter: last(args.filter),
    quiet: args.quiet ?? false,
    list: args.list ?? false,
    format: last(args.format),
    timeout: last(args.timeout),
    maxMemory: last(args["max-memory"]),
    color: last(args.color),
    width: last(args.width),
  };
}

/** The last one counts. */
function last(value: Value): string | undefined {
  return typeof value === "string" ? value : value?.at(-1);
}

/** A sentence about the first flag that does not exist, with the one that may have been meant. */
function unknownFlag(argv: readonly string[]): string | null {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  const known = [...Object.keys(flags).map((name) => `--${name}`), "-q", "-h", "-"];
  const wrong = words
    .map((word) => word.replace(/=.*$/s, ""))
    .find((word) => /^-\D/.test(word) && !known.includes(word));
  if (wrong === undefined) return null;
  const meant = nearest(wrong, known);
  return `unknown option ${wrong}${meant === null ? "" : `; did you mean ${meant}?`} (kflow --help lists all)`;
}

/** What yargs says of each option's type: nothing a reader needs. */
const TYPES = / +\[(string|array|boolean)\]$/gm;
