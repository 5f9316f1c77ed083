import { firstLabel, isAddress } from "../correlate/names.ts";
import type { ServiceNames } from "./service-names.ts";

/** A kind of client, and the host that it puts into the SPN. */
export interface ClientSpn {
  readonly clients: string;
  readonly host: string;
}

/**
 * The host of the SPN that each kind of client would ask for, each host once. None leaves the port in by itself.
 *
 * Browsers of Windows follow aliases, Firefox and Java take the name as it is typed; libraries of MIT and Heimdal
 * follow aliases, and where `rdns` is on the PTR record too. For an address, no client of Windows asks at all.
 */
export function clientSpns({ host, canonical, ptr }: ServiceNames): ClientSpn[] {
  if (host === null || isAddress(host)) return [];
  const isShort = firstLabel(host) === host;
  const target = canonical ?? host;
  // Java takes the full form of a short name, and of an alias the alias.
  const java = isShort && canonical?.startsWith(`${host}.`) ? canonical : host;
  const rows: readonly ClientSpn[] = [
    { clients: "Edge, Chrome, Internet Explorer", host: target },
    { clients: "Firefox, curl on Windows", host },
    { clients: "Java", host: java },
    { clients: "curl and others with MIT or Heimdal libraries (dns_canonicalize_hostname)", host: target },
    ...(ptr === null ? [] : [{ clients: "the same libraries with rdns = true", host: ptr }]),
  ];
  const hosts = [...new Set(rows.map((row) => row.host))];
  return hosts.map((one) => ({
    host: one,
    clients: rows
      .filter((row) => row.host === one)
      .map(({ clients }) => clients)
      .join("; "),
  }));
}
