import { type Bytes, be16 } from "../net/packets.ts";

/** The checksum of RFC 1071. */
function checksum(bytes: Bytes): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function withSum(bytes: Bytes, at: number, sum: number): Bytes {
  return [...bytes.slice(0, at), ...be16(sum), ...bytes.slice(at + 2)];
}

const HEADER = 20;
const ICMP = 1;
const TCP = 6;

/** An IPv4 packet of 20 bytes of header with its checksums; UDP may go without (RFC 768). */
export function summed(ip: Bytes): Bytes {
  const [header, payload] = [ip.slice(0, HEADER), ip.slice(HEADER)];
  const protocol = ip[9] ?? 0;
  const pseudo = [...ip.slice(12, 20), 0, protocol, ...be16(payload.length)];
  const body =
    protocol === TCP
      ? withSum(payload, 16, checksum([...pseudo, ...payload]))
      : protocol === ICMP
        ? withSum(payload, 2, checksum(payload))
        : payload;
  return [...withSum(header, 10, checksum(header)), ...body];
}
