import {
  type Answer,
  answersJson,
  answersText,
  explain,
  openDictionary,
  questionsOf,
  topicsJson,
  topicsText,
} from "../explain/index.ts";
import { complain } from "./complain.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import type { Command, Options } from "./options.ts";
import type { Output } from "./output.ts";
import { lookOf } from "./terminal.ts";

type ExplainCommand = Extract<Command, { readonly name: "explain" }>;

/** `kflow explain CODE…`: says what codes, names and texts mean; of those that nobody knows what may have been meant. */
export function explainCodes(options: Options, { format, words }: ExplainCommand, output: Output): ExitCode {
  const dictionary = openDictionary();
  const look = lookOf(options);
  if (words === null) {
    const topics = dictionary.topics.values();
    output.write(format === "json" ? topicsJson(topics) : topicsText(topics, look));
    return exitCodes.ok;
  }
  const answers = explain(questionsOf(words, dictionary), dictionary);
  const known = answers.filter(({ meanings }) => meanings.length > 0);
  if (format === "json") output.write(answersJson(answers));
  else if (known.length > 0) output.write(answersText(known, look));
  for (const answer of answers) if (answer.meanings.length === 0) complain(unknown(answer));
  return known.length === answers.length ? exitCodes.ok : exitCodes.usage;
}

function unknown({ query, nearest }: Answer): string {
  const meant =
    nearest.length === 0 ? "; kflow explain --list lists what is known" : `; did you mean ${either(nearest)}?`;
  return `nothing is known of ${JSON.stringify(query)}${meant}`;
}

function either(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
