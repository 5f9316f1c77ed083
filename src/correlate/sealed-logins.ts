import type { SealedConnection } from "./evidence.ts";
import type { Login } from "./logins.ts";
import { hostOf, sameHost } from "./names.ts";
import type { Naming } from "./naming.ts";
import { NONE } from "./order.ts";
import type { Quest } from "./quests.ts";
import { services } from "./services/index.ts";
import type { Service } from "./services/service.ts";

/** An encrypted connection to the host of the SPN, by SNI or by address, is where that ticket went. */
export function insideSealed(lone: Quest[], sealed: readonly SealedConnection[], naming: Naming): Login[] {
  if (lone.length === 0 || sealed.length === 0) return [];
  const logins: Login[] = [];
  for (const quest of [...lone]) {
    const service = services.find((one) => one.spnClasses.includes(quest.spn.serviceClass));
    const openings = service ? sealed.filter((opening) => leadsTo(opening, quest.spn.host, service, naming)) : [];
    if (!service || openings.length === 0) continue;
    lone.splice(lone.indexOf(quest), 1);
    const isSame = (login: Login) =>
      login.service === service && login.quests.some((q) => sameHost(q.spn.host, quest.spn.host));
    const same = logins.find(isSame);
    if (same) same.quests.push(quest);
    else logins.push({ service, kind: service.kind, legs: [], quests: [quest], sealed: openings, handedOver: NONE });
  }
  return logins;
}

function leadsTo(sealed: SealedConnection, host: string, service: Service, naming: Naming): boolean {
  const { serverName } = sealed;
  const { address } = sealed.connection.server;
  if (!speaks(service, sealed)) return false;
  if (serverName !== null && naming.fits(host, hostOf(serverName), address)) return true;
  return serverName === null && naming.fits(host, null, address);
}

/** Inside TLS nobody sees the protocol: the port may tell. */
function speaks({ protocols, tlsPorts }: Service, { opening, connection }: SealedConnection): boolean {
  if (opening.message.protocol !== "tls") return protocols.includes(opening.message.protocol);
  return tlsPorts === null || tlsPorts?.includes(connection.server.port) === true;
}
