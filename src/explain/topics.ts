import { rcodeName } from "../../dissectors/dns/codes.ts";
import { nt, sec, win32 } from "../../dissectors/erref/codes.ts";
import { errorNames, etypeNames } from "../../dissectors/kerberos/codes.ts";
import { netlogonOperations, resultCodes } from "../../dissectors/ldap/codes.ts";
import { rules } from "../diagnose/rules/index.ts";
import { mitSpellings, otherSpellings } from "./kerberos-names.ts";
import { rulesCalled } from "./own-rules.ts";
import { events } from "./tables/events.ts";
import { kerberosMeanings, kerberosSee, kerberosTexts } from "./tables/kerberos.ts";
import { MIT_BASE, mitErrors } from "./tables/mit.ts";
import { ntStatusWords } from "./tables/nt-status.ts";
import { dnsWords, etypeWords, httpStatuses, ldapWords, netlogonWords, terms } from "./tables/others.ts";
import { sspiWords } from "./tables/sspi.ts";
import { win32Words } from "./tables/win32.ts";
import type { Origin, Topic, TopicId, Words } from "./topic.ts";

/** Everything that can be explained, by id, in the order of `origins` and then of numbers. */
export function allTopics(): ReadonlyMap<TopicId, Topic> {
  const topics = [
    ...kerberosTopics(),
    ...events.map(({ number, name, meaning, see }) =>
      topic("event", number, name, { meaning, see }, [`event ${number}`]),
    ),
    ...windowsTopics("win32", win32, win32Words, "ERROR_"),
    ...windowsTopics("ntstatus", nt, ntStatusWords, "STATUS_"),
    ...windowsTopics("sspi", sec, sspiWords, "SEC_E_"),
    ...mitErrors.map(({ number, name, meaning, see }) => ({
      ...topic("mit", number, name, { meaning, see }, [`${number}`]),
      id: `mit/${name}` as const,
    })),
    ...numbered("ldap", resultCodes, ldapWords),
    ...numbered("netlogon", netlogonOperations, netlogonWords),
    ...Object.keys(dnsWords).map((code) => dnsTopic(Number(code))),
    ...Object.entries(httpStatuses).map(([code, { name, ...words }]) => topic("http", Number(code), name, words, [])),
    ...numbered("etype", etypeNames, etypeWords),
    ...ruleTopics(),
    ...terms,
  ];
  return new Map(topics.map((each) => [each.id, each]));
}

function topic(origin: Origin, number: number, name: string, words: Words, spellings: readonly string[]): Topic {
  return { id: `${origin}/${number}`, origin, name, number, spellings, ...words };
}

/** RFC 4120 7.5.9 numbers errors up to 127; of those that nobody assigned up to 100 that is what can be said. */
const LAST_NUMBER = 100;
const UNASSIGNED = "No specification assigns this number: whoever sent it made it up, or the message is damaged.";

function kerberosTopics(): Topic[] {
  return Array.from({ length: LAST_NUMBER + 1 }, (_, code) => {
    const name = errorNames[code] ?? `unassigned error ${code}`;
    const words = { meaning: kerberosMeanings[code] ?? UNASSIGNED, see: kerberosSee[code] ?? [] };
    const others = otherSpellings[code] ?? [];
    const writings = [...mitSpellings(code), ...others, `${MIT_BASE + code}`];
    return topic("kerberos", code, name, words, [...writings, ...(kerberosTexts[code] ?? [])]);
  });
}

/** Tables of MS-ERREF, whose names share a prefix. */
function windowsTopics<Name extends string>(
  origin: "win32" | "ntstatus" | "sspi",
  numbers: Readonly<Record<Name, number>>,
  words: Readonly<Record<Name, Words>>,
  prefix: string,
): Topic[] {
  return namesOf(numbers).map((name) => {
    const number = numbers[name];
    const id: TopicId = origin === "win32" ? `win32/${number}` : `${origin}/${name}`;
    return { id, origin, name: `${prefix}${name}`, number, spellings: writings(number), ...words[name] };
  });
}

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] {
  const isName = (name: string): name is Name => Object.hasOwn(table, name);
  return Object.keys(table).filter(isName);
}

/** Large numbers are written in hex, and in decimal with and without a sign. */
function writings(number: number): string[] {
  if (number < 0x8000_0000) return [];
  return [`0x${number.toString(16).toUpperCase()}`, `${number}`, `${number | 0}`];
}

/** Of numbers that say little about a login. */
const PLAIN = {
  ldap: "A result of LDAP that a bind hardly ever has.",
  netlogon: "",
  etype: "An encryption type that tickets hardly ever have.",
} as const;

function numbered(
  origin: "ldap" | "netlogon" | "etype",
  names: Readonly<Record<number, string>>,
  words: Readonly<Record<number, Words>>,
): Topic[] {
  const plain = { meaning: PLAIN[origin], see: [] };
  return Object.entries(names).map(([code, name]) =>
    topic(origin, Number(code), name, words[Number(code)] ?? plain, []),
  );
}

function dnsTopic(code: number): Topic {
  const name = rcodeName(code);
  return topic("dns", code, name.toUpperCase(), dnsWords[code] ?? { meaning: "", see: [] }, [`RCODE ${code}`]);
}

/** One for each id; several rules may share one. */
function ruleTopics(): Topic[] {
  const ids = [...new Set(rules.map(({ id }) => id))];
  return ids.map((id) => {
    const meaning = rulesCalled(id)[0]?.title ?? "";
    return { id: `rule/${id}`, origin: "rule", name: id, number: null, spellings: [], meaning: `${meaning}.`, see: [] };
  });
}
