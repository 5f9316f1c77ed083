import type { Client, Service } from "../model/report.ts";

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A client with what is known of it; `name`: of the machine. */
export function clientNamed(
  address: string,
  user?: string | null,
  realm?: string | null,
  name?: string | null,
): Client {
  const client: Draft<Client> = { address };
  if (name) client.name = name;
  if (user) client.user = user;
  if (realm) client.realm = realm;
  return client;
}

/** A service with what is known of it, in the order of the report. */
export function serviceNamed(
  host: string | null | undefined,
  address: string | null | undefined,
  port: number | null | undefined,
  spn: string | null | undefined,
  realm: string | null | undefined,
): Service {
  const service: Draft<Service> = {};
  if (host) service.host = host;
  if (address) service.address = address;
  if (port) service.port = port;
  if (spn) service.spn = spn;
  if (realm) service.realm = realm;
  return service;
}
