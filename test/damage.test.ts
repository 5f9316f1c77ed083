import { describe, expect, it } from "vitest";
import { concat } from "./capture/build.ts";
import { complaintsOf } from "./whole/invariants.ts";
import { Random } from "./whole/random.ts";
import { boundaries, partsOf, rebuilt } from "./whole/records.ts";
import { evenly, jsonOf, messagesOf, textOf } from "./whole/run.ts";
import { allSamples, type Sample } from "./whole/samples.ts";

/** Captures that were cut, flipped, shuffled and mixed: each gets a report that keeps the contract. */

const long = process.env["KFLOW_LONG"] === "1";
const HOUR = 3_600_000;
const samples = allSamples();
const smallest = samples.slice(0, 3);
const others = samples.slice(3);
const at = (name: string, seed: number) => `${name}, seed ${seed}`;

/** No capture of the samples' size says more. */
const LONGEST_REPORT = 2_000_000;

/** What is wrong with the report on a damaged capture, beyond what the capture itself explains. */
function faultsOf(capture: Uint8Array): string[] {
  const report = jsonOf(capture, { seed: 1 });
  return [
    ...complaintsOf(report),
    ...(report.length > LONGEST_REPORT ? [`${report.length} characters`] : []),
    ...(isSame(report, jsonOf(capture, { seed: 0xdeadbeef, pieces: evenly(capture, 777) })) ? [] : ["told otherwise"]),
    ...(hasControls(textOf(capture)) ? ["control characters in the text"] : []),
  ];
}

/** Where the reading stopped early, the number of bytes still tells how big the pieces were: see the last test. */
function isSame(one: string, two: string): boolean {
  const bytes = /"bytes": \d+/;
  return one.replace(bytes, "") === two.replace(bytes, "");
}

function hasControls(text: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text.replaceAll("\n", ""));
}

/** Tries one kind of damage on every sample, with `tries` seeds each, and lists what went wrong. */
function damaged(tries: number, damage: (sample: Sample, random: Random) => Uint8Array): string[] {
  const wrong: string[] = [];
  for (const sample of samples) {
    for (let seed = 1; seed <= tries; seed++) {
      const capture = damage(sample, new Random(seed));
      wrong.push(...withoutThrowing(() => faultsOf(capture)).map((fault) => `${at(sample.name, seed)}: ${fault}`));
    }
  }
  return wrong;
}

function withoutThrowing(look: () => string[]): string[] {
  try {
    return look();
  } catch (error) {
    return [`threw ${error}`];
  }
}

function problemsOf(report: string): number {
  return JSON.parse(report).problems.length;
}

describe("a cut capture", () => {
  it.each(smallest)("$name, at every byte", { timeout: HOUR }, ({ bytes }) => {
    const ends = boundaries(bytes);
    const step = long ? 1 : Math.ceil(bytes.length / 1_000);
    const wrong: string[] = [];
    for (let cut = 0; cut < bytes.length; cut += step) wrong.push(...cutFaults(bytes, cut, ends));
    expect(wrong).toEqual([]);
  });

  it("of any other sample, at seeded bytes", { timeout: HOUR }, () => {
    const tries = long ? 200 : Math.ceil(500 / Math.max(1, others.length));
    const wrong = others.flatMap(({ name, bytes }, seed) => {
      const random = new Random(seed);
      const ends = boundaries(bytes);
      const cuts = Array.from({ length: tries }, () => random.below(bytes.length));
      return cuts.flatMap((cut) => cutFaults(bytes, cut, ends)).map((fault) => `${name} ${fault}`);
    });
    expect(wrong).toEqual([]);
  });
});

function cutFaults(bytes: Uint8Array, cut: number, ends: ReadonlySet<number>): string[] {
  const capture = bytes.slice(0, cut);
  const faults = withoutThrowing(() => {
    const silent = !ends.has(cut) && problemsOf(jsonOf(capture)) === 0;
    return [...faultsOf(capture), ...(silent ? ["no problem told"] : [])];
  });
  return faults.map((fault) => `cut to ${cut}: ${fault}`);
}

describe("a capture with", () => {
  const tries = long ? 30 : 1;

  it("flipped bytes", { timeout: HOUR }, () => {
    const flip = ({ bytes }: Sample, random: Random) => {
      const capture = bytes.slice();
      for (let count = 1 + random.below(20); count > 0; count--)
        capture[random.below(bytes.length)] = random.below(256);
      return capture;
    };
    expect(damaged(tries, flip)).toEqual([]);
  });

  it("flipped bits within its packets only", { timeout: HOUR }, () => {
    const flip = ({ bytes }: Sample, random: Random) => {
      const [header = bytes, ...records] = partsOf(bytes).map((part) => part.slice());
      for (const record of records) {
        const place = 16 + random.below(Math.max(1, record.length - 16));
        if (random.below(4) === 0) record[place] = (record[place] ?? 0) ^ (1 << random.below(8));
      }
      return rebuilt(header, records);
    };
    expect(damaged(tries, flip)).toEqual([]);
  });

  it("inserted and removed bytes", { timeout: HOUR }, () => {
    const shift = ({ bytes }: Sample, random: Random) => {
      const place = random.below(bytes.length);
      const inserted = random.bytes(random.below(random.below(2) * 2_000 + 1));
      return concat([bytes.subarray(0, place), inserted, bytes.subarray(place + random.below(100))]);
    };
    expect(damaged(tries, shift)).toEqual([]);
  });

  it("records twice", { timeout: HOUR }, () => {
    const twice = ({ bytes }: Sample, random: Random) => {
      const [header = bytes, ...records] = partsOf(bytes);
      return rebuilt(
        header,
        records.flatMap((record) => (random.below(3) === 0 ? [record, record] : [record])),
      );
    };
    expect(damaged(tries, twice)).toEqual([]);
  });

  it("records missing", { timeout: HOUR }, () => {
    const holes = ({ bytes }: Sample, random: Random) => {
      const [header = bytes, ...records] = partsOf(bytes);
      return rebuilt(
        header,
        records.filter(() => random.below(6) > 0),
      );
    };
    expect(damaged(tries, holes)).toEqual([]);
  });

  it("records in another order", { timeout: HOUR }, () => {
    const shuffle = ({ bytes }: Sample, random: Random) => {
      const [header = bytes, ...records] = partsOf(bytes);
      const reach = random.below(2) === 0 ? 4 : records.length;
      for (let place = records.length - 1; place > 0; place--) {
        const other = Math.max(0, place - random.below(reach));
        const [one, two] = [records[place], records[other]];
        if (one && two) [records[place], records[other]] = [two, one];
      }
      return rebuilt(header, records);
    };
    expect(damaged(tries, shuffle)).toEqual([]);
  });

  it("the records of two captures between one another", { timeout: HOUR }, () => {
    const mix = ({ bytes }: Sample, random: Random) => {
      const [header = bytes, ...records] = partsOf(bytes);
      const [, ...more] = partsOf(samples[random.below(samples.length)]?.bytes ?? bytes);
      const mixed: Uint8Array[] = [];
      while (records.length + more.length > 0) {
        mixed.push(...(random.below(2) === 0 ? records : more).splice(0, 1 + random.below(3)));
      }
      return rebuilt(header, mixed);
    };
    expect(damaged(tries, mix)).toEqual([]);
  });

  it("every packet cut to a snap length", { timeout: HOUR }, () => {
    const snap = ({ bytes }: Sample, random: Random) => {
      const [header = bytes, ...records] = partsOf(bytes);
      const length = 20 + random.below(200);
      return rebuilt(
        header,
        records.map((record) => {
          const short = record.slice(0, 16 + length);
          new DataView(short.buffer).setUint32(8, short.length - 16, true);
          return short;
        }),
      );
    };
    expect(damaged(tries, snap)).toEqual([]);
  });
});

describe("a capture that cannot be read to its end", () => {
  it("has the same number of bytes read in whatever pieces it came", () => {
    const [{ bytes } = { bytes: new Uint8Array(0) }] = smallest;
    const capture = concat([bytes, new Uint8Array(16).fill(0xff), new Uint8Array(1_000)]);
    expect(jsonOf(capture, { pieces: evenly(capture, 100) })).toBe(jsonOf(capture));
  });
});

describe("the list of messages", () => {
  it("of a damaged capture is the same again, each line a JSON value", { timeout: HOUR }, () => {
    for (const { name, bytes } of samples) {
      for (let seed = 1; seed <= (long ? 50 : 1); seed++) {
        const random = new Random(seed);
        const capture = bytes.slice();
        for (let count = 0; count < 20; count++) capture[24 + random.below(bytes.length - 24)] = random.below(256);
        const list = messagesOf(capture);
        expect(messagesOf(capture, { seed: 99, pieces: evenly(capture, 333) }), at(name, seed)).toBe(list);
        for (const line of list.split("\n").filter((text) => text !== "")) JSON.parse(line);
      }
    }
  });
});
