import parser from "yargs-parser";
import { nearest } from "../bytes/nearest.ts";
import { type CommandName, type CommandWords, commands, isCommand } from "./commands.ts";
import { flags, foreignTo, hints, misplacedFlag, spoken } from "./flags.ts";
import { formatWords } from "./options.ts";

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

/** Reads the words behind `kflow`. */
export async function parseArgv(argv: readonly string[], columns: number): Promise<Parsed> {
  const unknown = unknownFlag(argv);
  if (unknown !== null) return { complaint: unknown };
  const { argv: args, error }: { argv: Args; error: Error | null } = parser.detailed([...argv], hints);
  const command = commandOf(args._.map(String)[0]);
  if (error !== null) return { complaint: `${missingValue(error.message)}; see ${spoken(command)} --help` };
  if (args.help === true) return { help: await helpFor(commandOf(argv[0]), columns) };
  const misplaced = misplacedFlag(command, (flag) => isGiven(args, flag));
  return misplaced === null ? { typed: typedOf(args) } : { complaint: misplaced };
}

/** The parser's words for an option without what it takes, in ours. */
function missingValue(message: string): string {
  const option = /^Not enough arguments following: (\S+)$/.exec(message)?.[1];
  return option === undefined ? message : `--${option} needs a value behind it`;
}

function isGiven(args: Args, flag: string): boolean {
  return Object.entries(args).some(([name, value]) => name === flag && value !== undefined && value !== false);
}

/** What yargs makes of it, which takes as long to load as all the rest of a command line. */
async function helpFor(command: CommandName, columns: number): Promise<string> {
  const { default: yargs } = await import("yargs");
  const words: CommandWords = commands[command];
  const help = yargs([])
    .scriptName("kflow")
    .locale("en")
    .version(false)
    .help(false)
    .usage(words.usage)
    .options(flags)
    .describe({ format: `${formatWords(command)}; text where not given`, ...words.says })
    .group([...words.flags], "Options:")
    .group(["version", "help"], "Other:")
    .epilogue(words.epilogue)
    .wrap(Math.min(columns, 100));
  for (const flag of foreignTo(command)) help.hide(flag);
  return (await help.getHelp()).replace(TYPES, "");
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
