import type { Severity } from "../model/report.ts";
import type { Case } from "./cases.ts";
import { casesOf } from "./cases.ts";
import type { Found } from "./numbers.ts";
import { rulesCalled } from "./own-rules.ts";
import type { Dictionary } from "./resolve.ts";
import type { Topic, TopicId } from "./topic.ts";

/** One meaning of a query, with all that can be said of it. */
export interface Meaning {
  readonly topic: Topic;
  readonly remark: string;
  /** Told with the meaning before it, not instead of it. */
  readonly isPart: boolean;
  /** What it is at each place of a login; of things that only point elsewhere, what those are. */
  readonly cases: readonly Case[];
  /** What explains it further, in order. */
  readonly see: readonly Topic[];
  /** Rules that speak of it. */
  readonly rules: readonly { readonly id: string; readonly severity: Severity; readonly title: string }[];
}

export interface Answer {
  readonly query: string;
  /** Likeliest first; empty where nothing is known of it. */
  readonly meanings: readonly Meaning[];
  /** Where nothing is known: names that may have been meant. */
  readonly nearest: readonly string[];
}

export function answerTo(query: string, dictionary: Dictionary): Answer {
  const found = dictionary.find(query);
  const meanings = found.map((one) => meaningOf(one, dictionary));
  return { query, meanings, nearest: found.length > 0 ? [] : dictionary.nearest(query) };
}

function meaningOf({ topic, remark, isPart = false }: Found, dictionary: Dictionary): Meaning {
  const see = topicsOf(topic.see, dictionary);
  const own = casesOf(topic);
  const cases = own.length > 0 ? own : see.flatMap((other) => throughTo(other, dictionary));
  const ids = [
    ...cases.map(({ rule }) => rule),
    ...see.flatMap(({ origin, name }) => (origin === "rule" ? [name] : [])),
  ];
  return { topic, remark, isPart, cases, see, rules: rulesOf(ids) };
}

function topicsOf(ids: readonly TopicId[], dictionary: Dictionary): Topic[] {
  return ids.flatMap((id) => dictionary.topics.get(id) ?? []);
}

/** The cases of a topic that another one points to; one that only points on is followed once more. */
function throughTo(topic: Topic, dictionary: Dictionary): Case[] {
  const own = casesOf(topic);
  return own.length > 0 ? own : topicsOf(topic.see, dictionary).flatMap(casesOf);
}

function rulesOf(ids: readonly string[]): Meaning["rules"] {
  return [...new Set(ids)].flatMap((id) => {
    const [rule] = rulesCalled(id);
    return rule ? [{ id, severity: rule.severity, title: rule.title }] : [];
  });
}
