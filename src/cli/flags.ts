import { type CommandName, commands, type Flag } from "./commands.ts";

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

/** All flags, in the words of the parser; the help of a command shows its own. */
export const flags = {
  format: { ...one, describe: "how the output is written; text where not given" },
  host: { type: "string", array: true, nargs: 1, describe: "only logins to this host or address; may be repeated" },
  since: { ...one, describe: "only frames from this time on: 2026-11-20T09:41:38Z, 09:41:38, +90s" },
  until: { ...one, describe: "only frames before this time" },
  filter: { ...one, describe: "only packets that fit: 'host 10.0.0.5 and not port 445'" },
  timeout: { ...one, describe: "stop reading after so many seconds and report what was read" },
  "max-memory": { ...one, describe: "stop reading beyond so many MiB and report what was read" },
  color: { ...one, describe: "auto, always or never; auto where not given" },
  width: { ...one, describe: "columns of the text, instead of the terminal's" },
  frame: { ...one, describe: "the messages of this frame of FILE" },
  list: { type: "boolean", describe: "everything that is known" },
  quiet: { type: "boolean", alias: "q", describe: "verdicts and problems only" },
  version: { type: "boolean", describe: "print the version" },
  help: { type: "boolean", alias: "h", describe: "print this help" },
} as const satisfies Record<Flag | "version" | "help", Words>;

/** The same for the parser of yargs, to which `NaN` is one value that may not be left out. */
export const hints = {
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

/** How an output looks and how much it says may be asked of any command, also of one that has nothing to leave out. */
const anywhere: readonly string[] = ["color", "width", "quiet", "version", "help"];

/** Flags that the help of a command does not show: other commands take them. */
export function foreignTo(command: CommandName): string[] {
  const own: readonly string[] = [...commands[command].flags, "version", "help"];
  return Object.keys(flags).filter((name) => !own.includes(name));
}

/** A sentence about the first given flag that does nothing in this command; null where there is none. */
export function misplacedFlag(command: CommandName, isGiven: (flag: string) => boolean): string | null {
  const flag = foreignTo(command).find((name) => isGiven(name) && !anywhere.includes(name));
  if (flag === undefined) return null;
  const takers = Object.entries(commands).flatMap(([name, words]) =>
    words.flags.some((own) => own === flag) ? [spoken(name)] : [],
  );
  const others = takers.length > 2 ? "other commands" : takers.join(" and ");
  return `--${flag} works with ${others} only; see ${spoken(command)} --help`;
}

/** A command as it is typed. */
export function spoken(command: string): string {
  return command === "analyze" ? "kflow" : `kflow ${command}`;
}
