import { explain, openDictionary, questionsOf } from "../../src/explain/index.ts";

export const dictionary = openDictionary();

/** Ids of what one question may mean, likeliest first. */
export function ask(question: string): string[] {
  return dictionary.find(question).map(({ topic }) => topic.id);
}

/** The same for the words of a command line, question by question. */
export function askWords(...words: readonly string[]): string[][] {
  return questionsOf(words, dictionary).map(ask);
}

export function answer(question: string) {
  const [first] = explain([question], dictionary);
  if (!first) throw new Error("no answer");
  return first;
}
