import { type CommandName, commands, isCommand } from "./commands.ts";
import { colorChoices, formatsOf, shells } from "./options.ts";

/** Candidates for the last of some words: commands, options, what options take, codes. None: a file may be meant. */
export async function candidatesFor(words: readonly string[]): Promise<readonly string[]> {
  const current = unquoted(words.at(-1) ?? "");
  const before = words.slice(0, -1);
  const command = commandIn(before);
  const fitting = (candidates: readonly string[]) =>
    candidates.filter((candidate) => candidate.toLowerCase().startsWith(current.toLowerCase()));
  const value = valuesOf(before.at(-1) ?? "", command);
  if (value !== null) return fitting(value);
  if (current.startsWith("-")) return fitting(optionsOf(command));
  if (command === "explain") return fitting(await codes());
  if (command === "completion") return fitting(shells);
  return before.length === 0 ? fitting(Object.keys(commands).filter(isCommand)) : [];
}

/** PowerShell cannot hand over an empty word. */
function unquoted(word: string): string {
  return word === '""' ? "" : word;
}

function commandIn([word]: readonly string[]): CommandName {
  return word !== undefined && isCommand(word) ? word : "analyze";
}

/** What the option in front takes; null where it is none, or takes what nobody can guess. */
function valuesOf(option: string, command: CommandName): readonly string[] | null {
  if (option === "--format") return formatsOf[command];
  return option === "--color" ? colorChoices : null;
}

function optionsOf(command: CommandName): string[] {
  return [...commands[command].flags, "help", "version"].map((flag) => `--${flag}`);
}

async function codes(): Promise<readonly string[]> {
  const { openDictionary } = await import("../explain/index.ts");
  return openDictionary().names;
}
