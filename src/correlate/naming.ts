import type { DnsMessage } from "../../dissectors/dns/message.ts";
import type { DnsLookup, Evidence } from "./evidence.ts";
import { addressOfPtr, hostOf, sameHost } from "./names.ts";

type Book = Map<string, Set<string>>;

/** What one client learnt of names and addresses from DNS. */
export class Naming {
  private addressesByName: Book | null = null;
  private namesByAddress: Book | null = null;
  private chains: Book | null = null;
  private pointers: Book | null = null;
  private readonly elsewhere: (address: string) => string | undefined;

  /** `elsewhere`: what other clients of the capture call an address (a dual-stack host has two addresses itself). */
  constructor(evidence: Pick<Evidence, "dns">, elsewhere: (address: string) => string | undefined = () => undefined) {
    this.elsewhere = elsewhere;
    for (const lookup of evidence.dns) if (lookup.response !== null) this.learn(lookup, lookup.response.message);
  }

  private learn(lookup: DnsLookup, { answers }: DnsMessage): void {
    for (const { type, name, data } of answers) {
      if (type === "A" || type === "AAAA") {
        this.addressesByName = noted(this.addressesByName, lookup.name, data);
        this.namesByAddress = noted(this.namesByAddress, data, lookup.name);
        const owner = hostOf(name);
        if (owner !== lookup.name) this.chains = noted(this.chains, lookup.name, owner);
      } else if (type === "CNAME") {
        this.chains = noted(this.chains, lookup.name, hostOf(data));
      } else if (type === "PTR") {
        const address = addressOfPtr(lookup.name);
        if (address) this.pointers = noted(this.pointers, address, hostOf(data));
      }
    }
  }

  addressesOf(name: string): ReadonlySet<string> {
    return this.addressesByName?.get(name) ?? NONE;
  }

  namesOf(address: string): ReadonlySet<string> {
    const own = this.namesByAddress?.get(address);
    if (own) return own;
    const name = this.elsewhere(address);
    return name === undefined ? NONE : new Set([name]);
  }

  /** The first name of an address. */
  nameOf(address: string): string | undefined {
    for (const name of this.namesByAddress?.get(address) ?? NONE) return name;
    return this.elsewhere(address);
  }

  /** Canonical names behind an alias. */
  canonicalOf(name: string): ReadonlySet<string> {
    return this.chains?.get(name) ?? NONE;
  }

  pointersOf(address: string): ReadonlySet<string> {
    return this.pointers?.get(address) ?? NONE;
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

function noted(book: Book | null, key: string, value: string): Book {
  if (book === null) return new Map([[key, new Set([value])]]);
  const known = book.get(key);
  if (known) known.add(value);
  else book.set(key, new Set([value]));
  return book;
}
