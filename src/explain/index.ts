import { type Answer, answerTo } from "./answer.ts";
import { Dictionary } from "./resolve.ts";

export type { Answer, Meaning } from "./answer.ts";
export { answersJson, topicsJson } from "./json.ts";
export { answersText, topicsText } from "./text.ts";

/** Everything that can be explained, for lists and for a shell to complete. */
export function openDictionary(): Dictionary {
  return new Dictionary();
}

/** Words behind which the next one belongs to the same question: `event 4771 0x18`, `ldap 49`. */
const LEADING =
  /^(event|eventid|kerberos|krb5?|ldap|data|win32|ntstatus|status|substatus|sspi|mit|netlogon|opcode|dns|rcode|http|iis|etype|error|code|failure|result|rule)$/i;
const FOLLOWING = /^(id|code|error|result|status|type)$/i;
const NUMBER = /^[-+]?(0x)?[0-9a-f]+h?$/i;

/**
 * The questions in the words of a command line: each word is one, unless they make up a known sentence, or say of a
 * number where it comes from.
 */
export function questionsOf(words: readonly string[], dictionary: Dictionary): string[] {
  const whole = words.join(" ");
  if (words.length > 1 && (dictionary.isSentence(whole) || isProse(words, dictionary))) return [whole];
  const questions: string[] = [];
  let at = 0;
  while (at < words.length) {
    const length = lengthOfQuestion(words, at);
    questions.push(words.slice(at, at + length).join(" "));
    at += length;
  }
  return questions;
}

/** Words without a number or a name among them, not all of which are known: a sentence that somebody mistyped. */
function isProse(words: readonly string[], dictionary: Dictionary): boolean {
  return !words.some((word) => /[\d_]/.test(word)) && words.some((word) => dictionary.find(word).length === 0);
}

function lengthOfQuestion(words: readonly string[], at: number): number {
  const lead = words[at] ?? "";
  if (!LEADING.test(lead)) return 1;
  let end = at + 1;
  while (FOLLOWING.test(words[end] ?? "")) end += 1;
  if (lead.toLowerCase() === "rule") return end + 1 - at;
  if (!NUMBER.test(words[end] ?? "")) return 1;
  end += 1;
  // An event has a code of its own.
  if (/^event/i.test(lead) && /^0x/i.test(words[end] ?? "")) end += 1;
  return end - at;
}

export function explain(questions: readonly string[], dictionary: Dictionary): Answer[] {
  return questions.map((question) => answerTo(question, dictionary));
}
