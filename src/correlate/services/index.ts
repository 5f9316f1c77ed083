import type { Message } from "../../../dissectors/registry.ts";
import type { Connection } from "../../model/connection.ts";
import type { ServiceExchange } from "../evidence.ts";
import type { Leg } from "../legs.ts";
import { http } from "./http.ts";
import { ldap } from "./ldap.ts";
import type { Service } from "./service.ts";
import { smb } from "./smb.ts";

/** Every protocol in which users log on, one row each; how to add one stands in `src/README.md`. */
export const services: readonly Service[] = [http, smb, ldap];

/** Where nothing says otherwise, a service is a web server. */
export const anyService: Service = http;

export function serviceOf(message: Message): Service | undefined {
  return services.find((service) => service.protocols.includes(message.protocol));
}

/** The service that a connection to this port was meant for. */
export function serviceAtPort(port: number | null): Service {
  return services.find((service) => port !== null && service.ports.includes(port)) ?? anyService;
}

/** May a ticket for a service of this class be meant for that service? */
export function takesTicketsOf(service: Service, spnClass: string): boolean {
  const name = spnClass.toLowerCase();
  return service.spnClasses.includes(name) || !services.some((other) => other.spnClasses.includes(name));
}

export function findLegs(exchanges: readonly ServiceExchange[]): Leg[] {
  const byConnection = new Map<Connection, ServiceExchange[]>();
  for (const exchange of exchanges) {
    const known = byConnection.get(exchange.connection);
    if (known) known.push(exchange);
    else byConnection.set(exchange.connection, [exchange]);
  }
  return [...byConnection].flatMap(([connection, all]) => {
    const message = all[0]?.request?.message ?? all[0]?.response?.message;
    return (message && serviceOf(message)?.legsOf(connection, all)) ?? [];
  });
}
