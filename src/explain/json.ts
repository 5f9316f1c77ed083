import { jsonText } from "../report/json-text.ts";
import type { Answer, Meaning } from "./answer.ts";
import type { Topic } from "./topic.ts";

const SCHEMA = "kflow/explain/1";

/** Answers as one JSON document. */
export function answersJson(answers: readonly Answer[]): string {
  const told = answers.map(({ query, meanings, nearest }) => ({ query, meanings: meanings.map(meaningJson), nearest }));
  return `${jsonText({ schema: SCHEMA, answers: told }, 2)}\n`;
}

function meaningJson({ topic, remark, cases, see, rules }: Meaning) {
  return { ...topicJson(topic), remark, spellings: topic.spellings, cases, see: see.map(topicJson), rules };
}

function topicJson({ id, origin, name, number, meaning }: Topic) {
  return { id, origin, name, number, meaning };
}

/** Everything that can be explained. */
export function topicsJson(topics: Iterable<Topic>): string {
  const told = [...topics].map((topic) => ({ ...topicJson(topic), spellings: topic.spellings }));
  return `${jsonText({ schema: SCHEMA, topics: told }, 2)}\n`;
}
