import type { DnsLookup, Evidence } from "./evidence.ts";
import { addressOfPtr, hostOf, sameHost } from "./names.ts";

const ADDRESS_TYPES = new Set(["A", "AAAA"]);

/** What one client learnt of names and addresses from DNS. */
export class Naming {
  private readonly addressesByName = new Map<string, Set<string>>();
  private readonly namesByAddress = new Map<string, Set<string>>();
  private readonly chains = new Map<string, Set<string>>();
  private readonly pointers = new Map<string, Set<string>>();

  private readonly elsewhere: (address: string) => string | undefined;

  /** `elsewhere`: what other clients of the capture call an address (a dual-stack host has two addresses itself). */
  constructor(evidence: Pick<Evidence, "dns">, elsewhere: (address: string) => string | undefined = () => undefined) {
    this.elsewhere = elsewhere;
    for (const lookup of evidence.dns) this.learn(lookup);
  }

  private learn(lookup: DnsLookup): void {
    for (const answer of lookup.response?.message.answers ?? []) {
      const owner = hostOf(answer.name);
      if (ADDRESS_TYPES.has(answer.type)) {
        note(this.addressesByName, lookup.name, answer.data);
        note(this.namesByAddress, answer.data, lookup.name);
        if (owner !== lookup.name) note(this.chains, lookup.name, owner);
      } else if (answer.type === "CNAME") {
        note(this.chains, lookup.name, hostOf(answer.data));
      } else if (answer.type === "PTR") {
        const address = addressOfPtr(lookup.name);
        if (address) note(this.pointers, address, hostOf(answer.data));
      }
    }
  }

  addressesOf(name: string): ReadonlySet<string> {
    return this.addressesByName.get(name) ?? NONE;
  }

  namesOf(address: string): ReadonlySet<string> {
    const own = this.namesByAddress.get(address);
    if (own) return own;
    const name = this.elsewhere(address);
    return name === undefined ? NONE : new Set([name]);
  }

  /** Canonical names behind an alias. */
  canonicalOf(name: string): ReadonlySet<string> {
    return this.chains.get(name) ?? NONE;
  }

  pointersOf(address: string): ReadonlySet<string> {
    return this.pointers.get(address) ?? NONE;
  }

  /** May an SPN for `spnHost` be meant for the service called `host` at `address`? */
  fits(spnHost: string, host: string | null, address: string): boolean {
    if (spnHost === address) return true;
    if (host !== null) {
      if (sameHost(spnHost, host)) return true;
      for (const name of this.canonicalOf(host)) if (sameHost(spnHost, name)) return true;
    } else {
      for (const name of this.namesOf(address)) {
        if (sameHost(spnHost, name)) return true;
        for (const canonical of this.canonicalOf(name)) if (sameHost(spnHost, canonical)) return true;
      }
    }
    for (const name of this.pointersOf(address)) if (sameHost(spnHost, name)) return true;
    return false;
  }
}

const NONE: ReadonlySet<string> = new Set();

function note(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
}
