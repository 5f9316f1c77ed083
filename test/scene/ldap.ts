import {
  bind,
  bindResult,
  done,
  element,
  extended,
  result,
  rootEntry,
  sasl,
  search,
  simple,
  wide,
} from "../dissectors/ldap/message.ts";
import { DC, type Scene } from "./scene.ts";
import { rawToken } from "./tokens.ts";

/** The directory server of the scenes and the SPN of its LDAP service. */
export const DC_HOST = "dca.contoso.com";
export const LDAP_SPN = `ldap/${DC_HOST}`;
const START_TLS = "1.3.6.1.4.1.1466.20037";

/** From here on the client talks to the directory server. */
export const toDirectory = (s: Scene, port = 389): Scene => s.server(DC, port);

/** The look-up of the domain controller, then a connection to its LDAP port. */
export const directory = (s: Scene): Scene => toDirectory(s.dns(DC_HOST, DC));

/** What Windows asks first: the root DSE, without having logged on. */
export function rootRequest(s: Scene): Scene {
  const present = element(wide, 0x87, [...Buffer.from("objectClass")]);
  return s.says("client", search(wide, 1, present, ["supportedSASLMechanisms"]));
}

export function rootSearch(s: Scene, mechanisms: readonly string[] = ["GSSAPI", "GSS-SPNEGO"]): Scene {
  const answer = rootEntry(wide, 1, { supportedSASLMechanisms: mechanisms, dnsHostName: [DC_HOST] });
  return rootRequest(s).says("server", [...answer, ...done(wide, 1, 0)]);
}

export interface BindWish {
  readonly id?: number;
  /** SASL mechanism. */
  readonly mechanism?: string;
}

/** A SASL bind with the token of a header made by `tokens.ts`, or with none. */
export function ldapBind(s: Scene, header: string | null, wish: BindWish = {}): Scene {
  const { id = 2, mechanism = "GSS-SPNEGO" } = wish;
  return s.says("client", bind(wide, id, "", sasl(wide, mechanism, header === null ? null : [...rawToken(header)])));
}

export const simpleBind = (s: Scene, name: string, password = "secret", id = 2): Scene =>
  s.says("client", bind(wide, id, name, simple(wide, password)));

export interface BoundWish {
  readonly id?: number;
  readonly diagnostic?: string;
  readonly header?: string;
}

/** The answer to a bind. */
export function ldapBound(s: Scene, code: number, wish: BoundWish = {}): Scene {
  const { id = 2, diagnostic = "", header } = wish;
  return s.says("server", bindResult(wide, id, code, diagnostic, header === undefined ? null : [...rawToken(header)]));
}

/** How Active Directory refuses: `data` is a Win32 error in hex. */
export const adRefusal = (data: string, error = "80090308"): string =>
  `${error}: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data ${data}, v3839`;

/** StartTLS and a success, then a ClientHello. */
export function startTls(s: Scene): Scene {
  const answer = result(wide, 0x78, 1, 0);
  return s.says("client", extended(wide, 1, START_TLS)).says("server", answer);
}

/** What a security layer of SASL looks like from outside. */
export const sealed = (s: Scene): Scene =>
  s.says("client", [0, 0, 0, 60, 5, 4, 6, 0xff, ...new Array<number>(56).fill(0x30)]);
