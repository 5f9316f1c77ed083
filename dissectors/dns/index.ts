import type { Dissector } from "../dissector.ts";
import { decodeDns } from "./decode.ts";
import { describeDns } from "./describe.ts";
import type { DnsMessage } from "./message.ts";

export const dns: Dissector<DnsMessage> = {
  protocol: "dns",
  title: "DNS",
  specs: ["RFC 1035", "RFC 2782", "RFC 3596", "RFC 6891"],
  ports: { udp: [53], tcp: [53] },
  looksRight,
  decode: (bytes, _, cut = false) => [{ message: decodeDns(bytes, cut) }],
  describe: describeDns,
};

/** A header such as real clients and servers write it: one question at most, few records, known codes, a name behind it. */
function looksRight(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 17) return false;
  const opcode = ((bytes[start + 2] ?? 0) >> 3) & 15;
  const reserved = (bytes[start + 3] ?? 0) & 0x40;
  const isQuery = (bytes[start + 2] ?? 0) < 0x80;
  const count = (at: number) => ((bytes[start + at] ?? 0) << 8) | (bytes[start + at + 1] ?? 0);
  if (opcode > 6 || opcode === 3 || reserved !== 0 || count(4) !== 1) return false;
  if (isQuery && opcode === 0 && (((bytes[start + 3] ?? 0) & 15) !== 0 || count(6) > 1)) return false;
  if ((count(6) + count(8) + count(10)) * 11 > 65_535) return false;
  return (bytes[start + 12] ?? 0) < 64;
}
