import { limits } from "./bytes/limits.ts";
import { CaptureSet, type Need } from "./capture/capture-set.ts";
import { type Clock, clockAhead, noClock } from "./capture/clock.ts";
import { Sightings } from "./net/sightings.ts";

/** The beginning of a capture, read to compare its host's clock with those of others. */
export class ClockSample {
  readonly sightings = new Sightings();
  private readonly set: CaptureSet;
  private bytes = 0;

  /** `size`: as `openCapture` takes it. */
  constructor(size: number | null) {
    this.set = new CaptureSet([{ size }], () => {});
  }

  /** As of a `Feeding`; null as soon as enough was read. */
  wants(): Need | null {
    const isEnough = this.sightings.isFull || this.bytes >= limits.clockSampleBytes;
    return isEnough ? null : this.set.wants();
  }

  feed(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    this.set.feed(chunk, 0);
    this.drain();
  }

  finish(): void {
    this.set.finish(0);
    this.drain();
  }

  private drain(): void {
    for (let view = this.set.next(); view !== null; view = this.set.next()) this.sightings.frame(view);
  }
}

/** A difference below this lies within what the way of the packets makes. */
const NOTICEABLE_NANOS = 100_000;

/**
 * The clock of each capture's host against that of the first, by the packets that two captures show: a packet needs
 * some time from one host to the other, one of the opposite direction as long, so the mean of both is the difference of
 * the clocks. Where packets of one direction only are shared, their way is part of the answer. Captures that share
 * packets with no other are left as they are.
 */
export function clocksOf(samples: readonly ClockSample[]): Clock[] {
  const ahead = samples.map((_, index): number | null => (index === 0 ? 0 : null));
  while (findOne(samples, ahead));
  return ahead.map((nanos) => (nanos === null || Math.abs(nanos) < NOTICEABLE_NANOS ? noClock : clockAhead(nanos)));
}

/** Finds the clock of one more capture, which shares packets with one whose clock is known; false where there is none. */
function findOne(samples: readonly ClockSample[], ahead: (number | null)[]): boolean {
  for (const [index, nanos] of ahead.entries()) {
    if (nanos !== null) continue;
    for (const [known, base] of ahead.entries()) {
      const between = base === null ? null : difference(samples[known], samples[index]);
      if (base === null || between === null) continue;
      ahead[index] = base + between;
      return true;
    }
  }
  return false;
}

/** Nanoseconds that the second clock is ahead of the first; null where they share no packet. */
function difference(a: ClockSample | undefined, b: ClockSample | undefined): number | null {
  if (a === undefined || b === undefined) return null;
  const pairs = new Map<string, { readonly forward: number[]; readonly backward: number[] }>();
  const shift = ((b.sightings.origin ?? 0) - (a.sightings.origin ?? 0)) * 1_000_000_000;
  for (const key of a.sightings.keys()) {
    const [one, other] = [a.sightings.get(key), b.sightings.get(key)];
    if (one === undefined || other === undefined) continue;
    const pair = pairs.get(one.hosts) ?? { forward: [], backward: [] };
    pairs.set(one.hosts, pair);
    (one.forward ? pair.forward : pair.backward).push(other.nanos - one.nanos + shift);
  }
  const both = [...pairs.values()].filter(({ forward, backward }) => forward.length > 0 && backward.length > 0);
  if (both.length > 0) return median(both.map((pair) => (median(pair.forward) + median(pair.backward)) / 2));
  const all = [...pairs.values()].flatMap(({ forward, backward }) => [...forward, ...backward]);
  return all.length === 0 ? null : median(all);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return Math.round(sorted[sorted.length >> 1] ?? 0);
}
