import type { Client, Service } from "../model/report.ts";

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A client with what is known of it. */
export function clientNamed(address: string, user?: string | null, realm?: string | null): Client {
  const client: Draft<Client> = { address };
  if (user) client.user = user;
  if (realm) client.realm = realm;
  return client;
}

/** A service with what is known of it, in the order of the report. */
export function serviceNamed(known: { readonly [K in keyof Service]-?: Service[K] | null | undefined }): Service {
  const service: Draft<Service> = {};
  if (known.host) service.host = known.host;
  if (known.address) service.address = known.address;
  if (known.port) service.port = known.port;
  if (known.spn) service.spn = known.spn;
  if (known.realm) service.realm = known.realm;
  return service;
}
