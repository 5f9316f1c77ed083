import type { Dissector } from "../dissector.ts";
import { plain } from "../plain.ts";
import { decodeClientHello } from "./client-hello.ts";
import type { ClientHello } from "./message.ts";

export { clientHelloWants } from "./client-hello.ts";
export { startOf } from "./records.ts";

export const tls: Dissector<ClientHello> = {
  protocol: "tls",
  title: "TLS",
  specs: ["RFC 8446", "RFC 6066", "RFC 7301"],
  ports: { tcp: [443] },
  decode: (bytes) => [{ message: decodeClientHello(bytes) }],
  describe: ({ serverName, alpn }) =>
    plain(
      `TLS: ClientHello${serverName === null ? "" : `, SNI: ${serverName}`}${alpn.length === 0 ? "" : `, ALPN: ${alpn.join(", ")}`}`,
    ),
};
