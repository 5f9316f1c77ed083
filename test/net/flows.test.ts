import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Flows, LAST_NANOS, META, ROW, UNDECIDED } from "../../src/net/flows.ts";
import { newPacket } from "../../src/net/packet.ts";

interface Key {
  readonly src: number;
  readonly dst: number;
  readonly sport: number;
  readonly dport: number;
  readonly version: 4 | 6;
}

function find(flows: Flows, key: Key): number {
  return flows.find({ ...newPacket(), ...key }, key.sport, key.dport);
}

function add(flows: Flows, key: Key): number {
  find(flows, key);
  const row = flows.add({ ...newPacket(), ...key }, key.sport, key.dport);
  flows.rows[row + META] = (flows.rows[row + META] ?? 0) | UNDECIDED;
  return row;
}

const reversed = (key: Key): Key => ({ ...key, src: key.dst, dst: key.src, sport: key.dport, dport: key.sport });

const small = fc.record({
  src: fc.constantFrom(1, 2, -1, 0x0a000001),
  dst: fc.constantFrom(1, 2, -1, 0x0a000001),
  sport: fc.constantFrom(1, 80, 65535),
  dport: fc.constantFrom(1, 80, 65535),
  version: fc.constantFrom<4 | 6>(4, 6),
});

describe("the flow table", () => {
  test("finds what was added, from both sides, and nothing else, whatever was removed in between", () => {
    const steps = fc.array(fc.tuple(small, fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer(), (all, seed) => {
        const flows = new Flows(1024, seed);
        const known = new Map<string, number>();
        for (const [key, isAdded] of all) {
          const name = [`${key.version}`, ...[`${key.src}:${key.sport}`, `${key.dst}:${key.dport}`].sort()].join(" ");
          const row = known.get(name);
          expect(find(flows, key)).toBe(row ?? -1);
          expect(find(flows, reversed(key))).toBe(row ?? -1);
          if (row === undefined && isAdded) known.set(name, add(flows, key));
          if (row !== undefined && !isAdded) {
            flows.remove(row);
            known.delete(name);
          }
        }
        expect(new Set(known.values()).size).toBe(known.size);
      }),
      { numRuns: 200 },
    );
  });

  test("grows and keeps its rows, then is full", () => {
    const flows = new Flows(5000, 42);
    const key = (i: number): Key => ({ src: i * 7, dst: -i, sport: i & 0xffff, dport: 80, version: 4 });
    const rows = Array.from({ length: 5000 }, (_, i) => {
      const row = add(flows, key(i + 1));
      flows.rows[row + LAST_NANOS] = i;
      return row;
    });
    expect(flows.isFull).toBe(true);
    rows.forEach((row, i) => {
      expect(find(flows, key(i + 1))).toBe(row);
      expect(flows.rows[row + LAST_NANOS]).toBe(i);
    });
    expect(flows.rows.length).toBeLessThanOrEqual(5000 * ROW);
  });

  test("finds what is there, however many came and went before", () => {
    const most = 1500;
    const flows = new Flows(most, 7);
    const key = (i: number): Key => ({ src: i % 5000, dst: -1, sport: 1 + (i % 7), dport: 80, version: i & 1 ? 6 : 4 });
    const packet = newPacket();
    const at = (i: number) => flows.find(Object.assign(packet, key(i)), key(i).sport, key(i).dport);
    const rows: number[] = [];
    const mistakes: number[] = [];
    for (let i = 0; i < 20_000; i++) {
      if (i >= most) {
        const oldest = rows[i - most] ?? 0;
        if (!flows.isFull || at(i - most) !== oldest) mistakes.push(i);
        flows.remove(oldest);
        if (at(i - most) !== -1 || at(i - 1) !== rows[i - 1]) mistakes.push(i);
      }
      if (at(i) !== -1) mistakes.push(i);
      rows.push(add(flows, key(i)));
    }
    expect(mistakes).toEqual([]);
  });

  test("tells the sides apart", () => {
    const flows = new Flows(16, 1);
    const key: Key = { src: 5, dst: 5, sport: 9, dport: 3, version: 4 };
    const row = add(flows, key);
    expect([find(flows, key), flows.side]).toEqual([row, 1]);
    expect([find(flows, reversed(key)), flows.side]).toEqual([row, 0]);
  });
});
