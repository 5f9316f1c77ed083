import type { Addresses } from "./addresses.ts";
import type { Packet } from "./packet.ts";
import { u16 } from "./words.ts";

/** Whether a packet, at its transport header, is to be read; `protocol`: its IP protocol number. */
export type PacketFilter = (packet: Packet, protocol: number, addresses: Addresses) => boolean;

type Side = "src" | "dst" | "either";

const protocols: { readonly [name: string]: readonly number[] } = { tcp: [6], udp: [17], icmp: [1, 58] };
const NO_PORTS = -1;

/**
 * Compiles a filter in the words of pcap-filter(7): `host A`, `net A/N`, `port N`, each with `src` or `dst` before it,
 * `tcp`, `udp`, `icmp`, `ip`, `ip6`, joined by `and`, `or`, `not` and brackets. A lone address or name of a network is
 * a host. Judged are the innermost addresses. A sentence of complaint where it cannot be read.
 */
export function packetFilter(text: string): PacketFilter | string {
  const words = text
    .replace(/([()!])/g, " $1 ")
    .split(/\s+/)
    .filter((word) => word !== "");
  const parser = new Parser(words);
  const filter = parser.any();
  if (typeof filter === "string") return filter;
  return parser.rest === undefined ? filter : `cannot read the filter from "${parser.rest}" on`;
}

class Parser {
  private readonly words: readonly string[];
  private at = 0;
  private depth = 0;

  constructor(words: readonly string[]) {
    this.words = words;
  }

  get rest(): string | undefined {
    return this.words[this.at];
  }

  any(): PacketFilter | string {
    return this.joined(
      ["or", "||"],
      () => this.all(),
      (a, b) => (p, n, s) => a(p, n, s) || b(p, n, s),
    );
  }

  private all(): PacketFilter | string {
    return this.joined(
      ["and", "&&"],
      () => this.one(),
      (a, b) => (p, n, s) => a(p, n, s) && b(p, n, s),
    );
  }

  private joined(
    words: readonly string[],
    next: () => PacketFilter | string,
    join: (a: PacketFilter, b: PacketFilter) => PacketFilter,
  ): PacketFilter | string {
    let filter = next();
    while (typeof filter !== "string" && words.includes(this.rest?.toLowerCase() ?? "")) {
      this.at++;
      const other = next();
      if (typeof other === "string") return other;
      filter = join(filter, other);
    }
    return filter;
  }

  private one(): PacketFilter | string {
    const word = this.take().toLowerCase();
    if (word === "not" || word === "!") return negated(this.nested(() => this.one()));
    if (word === "(") return this.bracket();
    const numbers = protocols[word];
    if (numbers !== undefined) return (_packet, protocol) => numbers.includes(protocol);
    if (word === "ip") return (packet) => packet.version === 4;
    if (word === "ip6") return (packet) => packet.version === 6;
    if (word === "src" || word === "dst") return this.sided(this.take().toLowerCase(), word);
    return this.sided(word, "either");
  }

  private bracket(): PacketFilter | string {
    const inner = this.nested(() => this.any());
    if (typeof inner === "string" || this.take() === ")") return inner;
    return "a bracket of the filter is not closed";
  }

  /** Brackets and negations inside one another would otherwise use up the stack. */
  private nested(next: () => PacketFilter | string): PacketFilter | string {
    if (this.depth >= 100) return "the brackets of the filter are too deep";
    this.depth++;
    const filter = next();
    this.depth--;
    return filter;
  }

  private sided(word: string, side: Side): PacketFilter | string {
    if (word === "port") return ofPort(this.take(), side);
    if (word === "net") return ofNet(this.take(), side);
    if (word === "host") return ofHost(this.take(), side);
    return addressBits(word) === null ? unknownWord(word) : ofHost(word, side);
  }

  private take(): string {
    return this.words[this.at++] ?? "";
  }
}

function negated(filter: PacketFilter | string): PacketFilter | string {
  return typeof filter === "string" ? filter : (packet, protocol, addresses) => !filter(packet, protocol, addresses);
}

function ofPort(text: string, side: Side): PacketFilter | string {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NO_PORTS;
  if (port < 0 || port > 65_535) return `the filter needs a port from 0 to 65535, not "${text}"`;
  return ({ bytes, at, end }, protocol) => {
    if ((protocol !== 6 && protocol !== 17) || at + 4 > end) return false;
    return (side !== "dst" && u16(bytes, at) === port) || (side !== "src" && u16(bytes, at + 2) === port);
  };
}

function ofHost(text: string, side: Side): PacketFilter | string {
  const wanted = addressBits(text);
  if (wanted !== null) return ofBits(wanted, side);
  return `host in a filter needs an address, not "${text}"; --host finds the logins to a name`;
}

function unknownWord(word: string): string {
  const known = "host, net, port, src, dst, tcp, udp, icmp, ip, ip6, and, or, not, brackets and addresses";
  return word === "" ? `something is missing at the end of the filter` : `the filter takes ${known}, not "${word}"`;
}

function ofNet(text: string, side: Side): PacketFilter | string {
  const [address = "", length = ""] = text.split("/");
  const bits = addressBits(address);
  const most = bits?.length ?? 0;
  if (bits === null || !/^\d{1,3}$/.test(length) || Number(length) > most) {
    return `the filter needs a network such as 10.0.0.0/8, not "${text}"`;
  }
  return ofBits(bits.slice(0, Number(length)), side, most);
}

/** `bits` as a text of 0 and 1: the beginning of the addresses that fit, of `width` bits. */
function ofBits(bits: string, side: Side, width = bits.length): PacketFilter {
  const version = width === 32 ? 4 : 6;
  const known = new Map<string, boolean>();
  const fits = (address: string) => {
    const seen = known.get(address);
    if (seen !== undefined) return seen;
    if (known.size >= 4096) known.clear();
    const is = addressBits(address)?.startsWith(bits) ?? false;
    known.set(address, is);
    return is;
  };
  return (packet, _protocol, addresses) => {
    if (packet.version !== version) return false;
    if (side !== "dst" && fits(addresses.source(packet))) return true;
    return side !== "src" && fits(addresses.destination(packet));
  };
}

/** The bits of an IPv4 or IPv6 address (RFC 4291 section 2.2) as a text of 0 and 1; null for anything else. */
function addressBits(text: string): string | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const bytes = text.split(".").map(Number);
    return bytes.some((byte) => byte > 255) ? null : bytes.map((byte) => bitsOf(byte, 8)).join("");
  }
  const dotted = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text);
  if (dotted) {
    const last = addressBits(dotted[2] ?? "");
    return last === null ? null : addressBits(`${dotted[1]}${hexOf(last, 0)}:${hexOf(last, 16)}`);
  }
  const halves = text.split("::");
  if (!text.includes(":") || halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => bitsOf(Number.parseInt(group, 16), 16)).join("")
    : null;
}

function bitsOf(value: number, width: number): string {
  return value.toString(2).padStart(width, "0");
}

function hexOf(bits: string, from: number): string {
  return Number.parseInt(bits.slice(from, from + 16), 2).toString(16);
}
