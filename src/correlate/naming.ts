import type { DnsMessage } from "../../dissectors/dns/message.ts";
import { Book, NOTHING } from "./book.ts";
import type { Evidence } from "./evidence.ts";
import { addressOfPtr, hostOf, sameHost } from "./names.ts";

/** What one client learnt of names and addresses from DNS. */
export class Naming {
  /** Names and their addresses. */
  private readonly hosts = new Book();
  private chains: Book | null = null;
  private pointers: Book | null = null;
  private readonly elsewhere: (address: string) => string | undefined;

  /** `elsewhere`: what other clients of the capture call an address (a dual-stack host has two addresses itself). */
  constructor(evidence: Pick<Evidence, "dns">, elsewhere: (address: string) => string | undefined = () => undefined) {
    this.elsewhere = elsewhere;
    for (const lookup of evidence.dns) if (lookup.response !== null) this.learn(lookup.name, lookup.response.message);
  }

  private learn(asked: string, { answers }: DnsMessage): void {
    for (const { type, name, data } of answers) {
      if (type === "A" || type === "AAAA") {
        this.hosts.add(asked, data);
        const owner = name === asked ? asked : hostOf(name);
        if (owner !== asked) this.chains = noted(this.chains, asked, owner);
      } else if (type === "CNAME") {
        this.chains = noted(this.chains, asked, hostOf(data));
      } else if (type === "PTR") {
        const address = addressOfPtr(asked);
        if (address) this.pointers = noted(this.pointers, address, hostOf(data));
      }
    }
  }

  isResolved(name: string): boolean {
    return this.hosts.has(name);
  }

  addressesOf(name: string): ReadonlySet<string> {
    return this.hosts.valuesOf(name);
  }

  namesOf(address: string): ReadonlySet<string> {
    const own = this.hosts.keysOf(address);
    if (own.size > 0) return own;
    const name = this.elsewhere(address);
    return name === undefined ? NOTHING : new Set([name]);
  }

  /** The first name of an address. */
  nameOf(address: string): string | undefined {
    return this.hosts.firstKeyOf(address) ?? this.elsewhere(address);
  }

  /** Canonical names behind an alias. */
  canonicalOf(name: string): ReadonlySet<string> {
    return this.chains?.valuesOf(name) ?? NOTHING;
  }

  pointersOf(address: string): ReadonlySet<string> {
    return this.pointers?.valuesOf(address) ?? NOTHING;
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

function noted(book: Book | null, key: string, value: string): Book {
  const noting = book ?? new Book();
  noting.add(key, value);
  return noting;
}
