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

const byProtocol = new Map(services.flatMap((service) => service.protocols.map((protocol) => [protocol, service])));

export function serviceOf(message: Message): Service | undefined {
  return byProtocol.get(message.protocol);
}

/** The service that a connection to this port was meant for. */
export function serviceAtPort(port: number | null): Service {
  return services.find((service) => port !== null && service.ports.includes(port)) ?? anyService;
}

/** May a ticket for a service of this class (lower case) be meant for that service? */
export function takesTicketsOf(service: Service, spnClass: string): boolean {
  return service.spnClasses.includes(spnClass) || !named.has(spnClass);
}

/** Classes that some service names as its own. */
const named = new Set(services.flatMap(({ spnClasses }) => spnClasses));

export function findLegs(exchanges: readonly ServiceExchange[]): Leg[] {
  const connection = exchanges[0]?.connection;
  if (!connection) return [];
  if (exchanges.every((x) => x.connection === connection)) return legsOn(connection, exchanges);
  const byConnection = new Map<Connection, ServiceExchange[]>();
  for (const exchange of exchanges) {
    const known = byConnection.get(exchange.connection);
    if (known) known.push(exchange);
    else byConnection.set(exchange.connection, [exchange]);
  }
  return [...byConnection].flatMap(([connection, all]) => legsOn(connection, all));
}

function legsOn(connection: Connection, exchanges: readonly ServiceExchange[]): Leg[] {
  const message = exchanges[0]?.request?.message ?? exchanges[0]?.response?.message;
  return (message && serviceOf(message)?.legsOf(connection, exchanges)) ?? [];
}
