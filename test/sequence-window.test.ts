import { expect, test } from "vitest";
import { limits } from "../src/bytes/limits.ts";
import type { Story } from "../src/correlate/story.ts";
import { SequenceWindow } from "../src/sequence-window.ts";
import { addressOf, Bench } from "./correlate/observations.ts";

const kinds = ["sign-on", "ticket", "dc-locator", "http", "http-proxy", "smb", "ldap"] as const;

function oneStory(): Story {
  const bench = new Bench();
  bench.asks(addressOf(1));
  bench.isAnswered(addressOf(1));
  bench.end();
  const [story] = bench.stories;
  if (story === undefined) throw new Error("no story");
  return story;
}

/** Numbers as good as random, the same every time. */
function* numbers(): Generator<number, never> {
  for (let state = 1; ; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    yield state >> 8;
  }
}

test("stories leave in order of their first frames, at one frame in that of their kinds, else as they came", () => {
  const story = oneStory();
  const random = numbers();
  const stories = Array.from({ length: limits.reorderWindow * 2 - 1 }, () => {
    const kind = kinds[random.next().value % kinds.length] ?? "http";
    return { ...story, kind, frame: random.next().value % 100 };
  });
  const passed: Story[] = [];
  const window = new SequenceWindow((one) => passed.push(one));
  for (const one of stories) window.add(one, 0);
  expect(passed).toEqual([]);
  window.end();
  const rank = ({ kind }: Story) => kinds.indexOf(kind);
  const sorted = [...stories].sort((a, b) => a.frame - b.frame || rank(a) - rank(b));
  expect(passed.map((one) => stories.indexOf(one))).toEqual(sorted.map((one) => stories.indexOf(one)));
});

test("an id is given once, however many stories lie between two of one frame", () => {
  const story = oneStory();
  const ids: string[] = [];
  const window = new SequenceWindow((_, id) => ids.push(id));
  for (let frame = 1; frame <= limits.reorderWindow * 12; frame++) {
    window.add({ ...story, frame }, 0);
    // A story that closes late, of a frame that left some hundred stories ago.
    if (frame % 64 === 0) window.add({ ...story, frame: Math.max(1, frame - limits.reorderWindow * 3) }, 0);
  }
  window.end();
  expect(new Set(ids).size).toBe(ids.length);
});
