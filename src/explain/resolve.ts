import { nearestOf } from "../bytes/nearest.ts";
import { stemOf } from "./kerberos-names.ts";
import type { Found } from "./numbers.ts";
import { eventMeanings, meaningsOf } from "./numbers.ts";
import { spellings, texts } from "./tables/spellings.ts";
import type { Origin, Topic, TopicId } from "./topic.ts";
import { origins } from "./topic.ts";
import { allTopics } from "./topics.ts";

/** Words that say where a number behind them comes from. */
const hints: readonly (readonly [words: RegExp, origins: readonly Origin[]])[] = [
  [/^(kerberos|krb5?|krb[-_ ]?error|kdc|gss|gssapi)( error)?( code)?$/, ["kerberos", "mit"]],
  [/^failure code$/, ["kerberos"]],
  // LDAP writes it in decimal, event logs in hex.
  [/^result code$/, ["ldap", "kerberos"]],
  [/^(ldap|ldap result)( error)?( code)?$/, ["ldap"]],
  [/^data$/, ["win32"]],
  [/^(win32|windows|system|getlasterror|dos)( error)?( code)?$/, ["win32"]],
  [/^(nt[-_ ]?status|status|sub[-_ ]?status|sc-win32-status)( code)?$/, ["ntstatus", "sspi", "win32"]],
  [/^(sspi|hresult)( error)?$/, ["sspi", "win32"]],
  [/^(mit|libkrb5)( error)?$/, ["kerberos", "mit"]],
  [/^(netlogon|opcode|operation|cldap)$/, ["netlogon"]],
  [/^(dns|rcode)( rcode| response code)?$/, ["dns"]],
  [/^(http|iis|http status|https)( status)?$/, ["http"]],
  [/^(etype|enctype|encryption type|ticket encryption type)$/, ["etype"]],
  [/^(error|code|error code|err)$/, origins],
];
const EVENT = /^event(?:[\s_-]*id)?[\s:#=]*(\d{1,5})(?:\D*?\s(0x[0-9a-f]{1,8}|\d{1,3}))?\s*$/i;
const BARE_EVENT = /^(\d{4})[\s,:/]+(0x[0-9a-f]{1,8})$/i;
/** A number with the words in front of it. */
const HINTED = /^(.*?)[\s:=#]+([-+]?(?:0x)?[0-9a-f]+h?)$/i;

/** Tables of Windows, whose names tell by their beginning what they are. */
const WINDOWS: readonly (readonly [prefix: RegExp, origin: Origin])[] = [
  [/^(NT_)?STATUS_/, "ntstatus"],
  [/^ERROR_/, "win32"],
  [/^SEC_E_/, "sspi"],
];

/** Knows every name, number and text; made once, of all topics. */
export class Dictionary {
  readonly topics = allTopics();
  private readonly byName = new Map<string, Found[]>();
  private readonly byStem = new Map<string, Found[]>();
  private readonly sentences: (Found & { readonly text: string })[] = [];

  constructor() {
    for (const { said, is, remark } of [...spellings, ...texts]) {
      const topic = this.topics.get(is);
      if (topic) this.learn(said, { topic, remark });
    }
    for (const topic of this.topics.values()) {
      for (const spelling of [topic.name, ...topic.spellings]) this.learn(spelling, { topic, remark: "" });
      const stem = topic.origin === "kerberos" ? stemOf(topic.name) : bareName(topic.name);
      if (stem !== null) add(this.byStem, keyOf(stem), { topic, remark: "" });
    }
    this.sentences.sort((a, b) => b.text.length - a.text.length);
  }

  private learn(spelling: string, found: Found): void {
    add(this.byName, keyOf(spelling), found);
    if (SENTENCE.test(spelling)) this.sentences.push({ ...found, text: spacesOf(spelling) });
  }

  /** Everything that `query` may mean, likeliest first; empty where it is unknown. */
  find(query: string): readonly Found[] {
    const text = query.trim().replace(/^rule[\s:]+/i, "");
    return (
      some(meaningsOf(this.topics, text)) ??
      some(this.named(text)) ??
      some(this.event(text)) ??
      some(this.hinted(text)) ??
      some(this.stem(text)) ??
      some(this.sentence(text)) ??
      some(this.within(text)) ??
      []
    );
  }

  private named(text: string): readonly Found[] {
    return this.byName.get(keyOf(text)) ?? [];
  }

  /** A name without its prefix, or with one of another table. */
  private stem(text: string): readonly Found[] {
    const key = keyOf(text);
    const windows = WINDOWS.find(([prefix]) => prefix.test(key));
    if (!windows) return this.byStem.get(stemOf(key) ?? key) ?? [];
    const [prefix, wanted] = windows;
    return (this.byStem.get(key.replace(prefix, "")) ?? []).filter(({ topic }) => topic.origin === wanted);
  }

  private event(text: string): readonly Found[] {
    const [, id, code] = EVENT.exec(text) ?? BARE_EVENT.exec(text) ?? [];
    return id === undefined ? [] : eventMeanings(this.topics, id, code);
  }

  /** `LDAP result code 49`, `data 52e`, `error 7`. */
  private hinted(text: string): readonly Found[] {
    const [, said = "", number = ""] = HINTED.exec(text) ?? [];
    const words = spacesOf(said).replace(/[:=#]+$/, "");
    const wanted = hints.find(([hint]) => hint.test(words))?.[1];
    if (!wanted) return [];
    const isHex = words === "data" && !/^0x/i.test(number);
    return meaningsOf(this.topics, isHex ? `0x${number}` : number, wanted);
  }

  /** A known sentence in what was pasted, or a part of one. */
  private sentence(text: string): readonly Found[] {
    const said = spacesOf(text);
    const whole = this.sentences.find((known) => said.includes(known.text));
    if (whole) return [whole];
    const isLong = said.length >= SHORTEST_PART && said.includes(" ");
    const part = isLong ? this.sentences.filter((known) => known.text.includes(said)) : [];
    return part.sort((a, b) => a.text.length - b.text.length).slice(0, MOST_PARTS);
  }

  /** Names and large numbers anywhere in a pasted line. */
  private within(text: string): readonly Found[] {
    const tokens = text.match(/0x[0-9a-f]{2,8}\b|\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b|-?\b\d{6,10}\b/gi) ?? [];
    if (tokens.length === 1 && tokens[0] === text) return [];
    const found = new Map<TopicId, Found>();
    for (const token of tokens.slice(0, MOST_TOKENS)) {
      const known = some(this.named(token)) ?? some(meaningsOf(this.topics, token)) ?? this.stem(token);
      for (const one of known.slice(0, 1)) found.set(one.topic.id, one);
    }
    return [...found.values()];
  }

  /** A sentence that `text` holds: words that belong together though they came one by one. */
  isSentence(text: string): boolean {
    const said = spacesOf(text);
    return this.sentences.some((known) => said.includes(known.text) || known.text === said);
  }

  /** Names that a mistyped one may have meant. */
  nearest(query: string): string[] {
    const key = keyOf(query);
    const names = new Map<string, string>();
    for (const [name, [found]] of [...this.byStem, ...this.byName]) if (found) names.set(name, found.topic.name);
    for (const { text, topic } of this.sentences) names.set(keyOf(text), topic.name);
    const near = nearestOf(key, [...names.keys()], MOST_NEAREST * 2).map((name) => names.get(name) ?? name);
    return [...new Set(near)].slice(0, MOST_NEAREST);
  }

  /** Every name of its own, for a shell to complete. */
  get names(): string[] {
    return [...this.topics.values()].filter(({ name }) => !name.includes(" ")).map(({ name }) => name);
  }
}

/** Two words at least, and more than a number with a word in front of it. */
const SENTENCE = /\S \S*[A-Za-z]/;
const SHORTEST_PART = 8;
const MOST_PARTS = 3;
const MOST_TOKENS = 8;
const MOST_NEAREST = 3;

function bareName(name: string): string {
  const prefix = WINDOWS.find(([of]) => of.test(name))?.[0];
  return prefix ? name.replace(prefix, "") : name;
}

function some(found: readonly Found[]): readonly Found[] | null {
  return found.length > 0 ? found : null;
}

function add(map: Map<string, Found[]>, key: string, found: Found): void {
  const known = map.get(key);
  if (!known) map.set(key, [found]);
  else if (!known.some(({ topic }) => topic.id === found.topic.id)) known.push(found);
}

/** Case, blanks, hyphens and what stands around a name make no difference. */
function keyOf(name: string): string {
  const bare = name.trim().replace(/^["'`“‘(<[]+|["'`”’)>\],;:!?.]+$/g, "");
  return bare.toUpperCase().replace(/[\s.-]+/g, "_");
}

/** For sentences: lower case, plain quotes, single blanks. */
function spacesOf(text: string): string {
  return text.trim().toLowerCase().replace(/[‘’`]/g, "'").replace(/\s+/g, " ");
}

export type { Topic };
