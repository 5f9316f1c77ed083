import { firstLabel, hostOf, isAddress } from "./names.ts";
import type { Story } from "./story.ts";

/** The hosts that the user asked for with `--host`; empty: all. */
export class HostWish {
  private readonly wanted: readonly string[];

  constructor(hosts: readonly string[]) {
    this.wanted = hosts.map(hostOf);
  }

  get isEmpty(): boolean {
    return this.wanted.length === 0;
  }

  /** A name or address is meant by one of the wishes; a single label means the first label. */
  names(name: string): boolean {
    const host = hostOf(name);
    return this.wanted.some((w) => w === host || (!w.includes(".") && !isAddress(host) && firstLabel(host) === w));
  }

  accepts(story: Story): boolean {
    return this.isEmpty || namesOf(story).some((name) => this.names(name));
  }
}

/** Every name and address by which the story's service goes. */
function namesOf(story: Story): string[] {
  const names: string[] = [];
  const { host, address } = story.service;
  if (host !== undefined) names.push(host, ...story.naming.canonicalOf(host));
  if (address !== undefined && story.kind !== "sign-on") names.push(address, ...story.naming.namesOf(address));
  for (const quest of story.quests) if (quest.spn.host !== "") names.push(quest.spn.host);
  for (const lookup of story.lookups) names.push(lookup.name);
  for (const leg of story.legs) names.push(...leg.names);
  for (const { serverName } of story.sealed) if (serverName !== null) names.push(serverName);
  return names;
}
