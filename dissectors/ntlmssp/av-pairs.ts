import { unicode } from "../../src/bytes/unicode.ts";
import { Reader } from "../reader.ts";

/** AvId (MS-NLMP 2.2.2.1); the others are stepped over. */
const END = 0;
const DNS_COMPUTER = 3;
const DNS_DOMAIN = 4;
const TIMESTAMP = 7;
const TARGET_NAME = 9;

export interface AvPairs {
  dnsComputer: string | null;
  dnsDomain: string | null;
  /** Seconds since 1970 with seven decimals. */
  timestamp: string | null;
  targetName: string | null;
}

/** AV_PAIRs: id and length of 16 bits each, then the value; the list ends with MsvAvEOL or where its bytes do. */
export function avPairs(bytes: Uint8Array): AvPairs {
  const reader = new Reader(bytes);
  const found: AvPairs = { dnsComputer: null, dnsDomain: null, timestamp: null, targetName: null };
  for (let at = 0; at < bytes.length; ) {
    const id = reader.u16(at, "AvId");
    const length = reader.u16(at + 2, "AvLen");
    if (id === END) break;
    keep(id, reader.slice(at + 4, length, "AV pair"), found);
    at += 4 + length;
  }
  return found;
}

function keep(id: number, value: Uint8Array, found: AvPairs): void {
  if (id === DNS_COMPUTER) found.dnsComputer = unicode(value);
  else if (id === DNS_DOMAIN) found.dnsDomain = unicode(value);
  else if (id === TARGET_NAME) found.targetName = unicode(value);
  else if (id === TIMESTAMP) found.timestamp = new Reader(value).filetime(0, "MsvAvTimestamp");
}
