import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import { WAITING_SECONDS } from "./around.ts";
import type { DcSearch } from "./locator.ts";
import type { DcPing } from "./locator-pings.ts";
import { isOpen } from "./locator-pings.ts";
import { NONE } from "./order.ts";

/**
 * What became of the pings to one domain controller, the best answer of all.
 *
 * `not-kdc`: it answered well, but a KDC was wanted and it is none; `empty`: the end of the answer without an entry;
 * `rejected`: ICMP unreachable; `silent`: nothing.
 */
export type Fate = "found" | "not-kdc" | "unknown-user" | "paused" | "empty" | "other" | "rejected" | "silent";

/** One domain controller that was pinged. */
export interface PingedDc {
  readonly address: string;
  readonly fate: Fate;
  readonly pings: readonly DcPing[];
}

/** Best first: of several answers of one controller the best counts. */
const RANK: readonly Fate[] = ["found", "not-kdc", "unknown-user", "paused", "empty", "other", "rejected", "silent"];

/** MS-ADTS 6.3.1.3. The numbers with `EX` stand beside the older ones. */
const FATES: ReadonlyMap<number, Fate> = new Map([
  [19, "found"],
  [23, "found"],
  [20, "paused"],
  [24, "paused"],
  [21, "unknown-user"],
  [25, "unknown-user"],
]);
/** MS-ADTS 6.3.1.2, DS_KDC_FLAG. */
const KDC_FLAG = 0x20;

export function pingedDcs({ pings, records }: DcSearch): readonly PingedDc[] {
  const first = pings[0];
  if (!first) return NONE;
  const wantsKdc = records.some(({ asked }) => asked.needsKdc);
  if (pings.length === 1) return [{ address: first.dc, pings, fate: fateOf(first, wantsKdc) }];
  const byAddress = new Map<string, DcPing[]>();
  for (const ping of pings) {
    const known = byAddress.get(ping.dc);
    if (known) known.push(ping);
    else byAddress.set(ping.dc, [ping]);
  }
  return [...byAddress].map(([address, own]) => ({ address, pings: own, fate: bestOf(own, wantsKdc) }));
}

function bestOf(pings: readonly DcPing[], wantsKdc: boolean): Fate {
  const fates = pings.map((ping) => fateOf(ping, wantsKdc));
  return RANK.find((fate) => fates.includes(fate)) ?? "silent";
}

function fateOf(ping: DcPing, wantsKdc: boolean): Fate {
  const entry = ping.entry?.message;
  if (!entry) return ping.done ? "empty" : ping.unreachable ? "rejected" : "silent";
  if (entry.opcode === null) return "empty";
  const fate = FATES.get(entry.opcode) ?? "other";
  const lacksKdc = wantsKdc && entry.flags !== null && (entry.flags & KDC_FLAG) === 0;
  return fate === "found" && lacksKdc ? "not-kdc" : fate;
}

/** Seconds after which a client sends a ping again: an answer takes milliseconds. */
const PATIENCE_SECONDS = 1;

/**
 * Nobody answers any more: each silent controller had five seconds from its first ping on, or was asked again and had
 * another second.
 */
export function wasGivenUp(search: DcSearch, now: Instant): boolean {
  const sent = new Map<string, Instant[]>();
  for (const ping of search.pings.filter(isOpen)) {
    const times = sent.get(ping.dc) ?? [];
    for (const query of ping.queries) times.push(query.time);
    sent.set(ping.dc, times);
  }
  return [...sent.values()].every((times) => waitedInVain(times, now));
}

export function waitedInVain(times: readonly Instant[], now: Instant): boolean {
  const first = times[0];
  const last = times.at(-1);
  if (!first || !last) return true;
  if (secondsBetween(first, now) >= WAITING_SECONDS) return true;
  return secondsBetween(first, last) >= PATIENCE_SECONDS && secondsBetween(last, now) >= PATIENCE_SECONDS;
}
