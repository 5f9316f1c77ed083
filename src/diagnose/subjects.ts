import type { Story } from "../correlate/story.ts";
import { isWeb } from "./service-words.ts";

/** What a story may hold or be. A rule that looks at such a thing alone is not shown the stories without it. */
const subjects = {
  ok: ({ verdict }) => verdict === "ok",
  diverged: ({ verdict }) => verdict === "diverged",
  /** Undecided, for something that the capture does not show. */
  gap: ({ missing }) => missing !== null,
  /** Of what diverged, three ways in which many do, and which many rules put a name to. */
  "name-not-resolved": ({ why }) => why?.what === "not-resolved",
  "ticket-refused": ({ why }) => why?.what === "tgs-refused",
  "token-refused": ({ why }) => why?.what === "ap-refused",
  web: isWeb,
  files: ({ kind }) => kind === "smb",
  directory: ({ kind }) => kind === "ldap",
  legs: ({ legs }) => legs.length > 0,
  quests: ({ quests }) => quests.length > 0,
  locator: ({ locator }) => locator !== null,
  ntlm: ({ legs }) => usesNtlm(legs),
  /** The client asked for a TGT that it hands to the service. */
  "handed-over": ({ handedOver }) => handedOver.length > 0,
  /** A server's story that serves another, or one that acts for a user. */
  delegation: ({ front, quests }) => front !== null || quests.some(({ delegation }) => delegation !== null),
  uses: ({ uses }) => uses.length > 0,
} as const satisfies Record<string, (story: Story) => boolean>;

export type Subject = keyof typeof subjects;

function usesNtlm(legs: Story["legs"]): boolean {
  for (const { attempts } of legs) for (const { token } of attempts) if (token === "ntlm") return true;
  return false;
}

const names = Object.keys(subjects);
const tests = Object.values(subjects);

/** The subjects of a story, a bit each. */
export function subjectsOf(story: Story): number {
  let bits = 0;
  for (let at = 0; at < tests.length; at++) if (tests[at]?.(story)) bits |= 1 << at;
  return bits;
}

/** The bits of these subjects. */
export function bitsOf(about: readonly Subject[]): number {
  return about.reduce((bits, subject) => bits | (1 << names.indexOf(subject)), 0);
}
