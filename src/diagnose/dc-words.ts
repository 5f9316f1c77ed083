import type { PingedDc } from "../correlate/locator-fates.ts";
import type { DcLocator, Story } from "../correlate/story.ts";
import { framesOfLookups } from "./evidence-frames.ts";
import { shellWord } from "./words.ts";

/** The name of a pinged domain controller as it calls itself or DNS does; null where only its address is known. */
export function nameOfDc(story: Story, dc: PingedDc): string | null {
  const said = dc.pings.find((ping) => ping.entry?.message.dc)?.entry?.message.dc;
  return said ?? [...story.naming.namesOf(dc.address)][0] ?? null;
}

/** `dca.contoso.com (192.168.2.1)` */
export function spellDc(story: Story, dc: PingedDc): string {
  const name = nameOfDc(story, dc);
  return name === null ? dc.address : `${name} (${dc.address})`;
}

export function spellDcs(story: Story, dcs: readonly PingedDc[]): string {
  return dcs.map((dc) => spellDc(story, dc)).join(", ");
}

/** One word for a command: the name of the domain controller, else its address. */
export function wordOfDc(story: Story, dc: PingedDc | undefined): string {
  return dc ? shellWord(nameOfDc(story, dc) ?? dc.address) : "<domain controller>";
}

export function framesOfDcs(dcs: readonly PingedDc[]): number[] {
  return dcs
    .flatMap(({ pings }) => pings)
    .flatMap(({ queries, entry, done, unreachable }) => [
      ...queries.map(({ frame }) => frame),
      entry?.frame ?? done?.frame,
      unreachable?.frame,
    ])
    .filter((frame) => frame !== undefined);
}

export function framesOfSearch({ search, dcs }: DcLocator): number[] {
  const lookups = [...search.records.map(({ lookup }) => lookup), ...search.hosts];
  return [...framesOfLookups(lookups), ...framesOfDcs(dcs)];
}
