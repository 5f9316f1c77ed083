import * as rpc from "../dissectors/dcerpc/message.ts";
import * as tds from "../dissectors/tds/message.ts";
import type { Bytes } from "../net/packets.ts";
import { DC, type Scene } from "./scene.ts";
import { rawToken } from "./tokens.ts";

/** SQL Server of the scenes, and its SPN. */
export const SQL = "192.168.2.160";
export const SQL_HOST = "sql.contoso.com";
export const SQL_SPN = `MSSQLSvc/${SQL_HOST}:1433`;
const ENCRYPT_OFF = 0;
const ENCRYPT_NOT_SUP = 2;

/** The look-up of the server, then PRELOGIN and its answer; `hidden`: TLS hides the log-on and nothing else. */
export function sqlOpened(s: Scene, hidden = false): Scene {
  const encryption = hidden ? ENCRYPT_OFF : ENCRYPT_NOT_SUP;
  const open = s.dns(SQL_HOST, SQL).server(SQL, 1433);
  return open.says("client", tds.prelogin(encryption)).says("server", tds.prelogin(encryption, 4));
}

/** LOGIN7 with the token of a header made by `tokens.ts`. */
export const sqlLogin = (s: Scene, header: string): Scene =>
  s.says("client", tds.login({ token: [...rawToken(header)] }));

/** A handshake in PRELOGIN packets, then LOGIN7 in a record of TLS. */
export function sqlHiddenLogin(s: Scene): Scene {
  const handshake = tds.packets(18, [0x16, 3, 3, 0, 4, 1, 2, 3, 4]);
  const record = [0x17, 3, 3, 1, 0, ...new Array<number>(256).fill(9)];
  return s.says("client", handshake).says("server", handshake).says("client", record);
}

export const sqlSspi = (s: Scene, header: string): Scene => s.says("client", tds.packets(17, [...rawToken(header)]));
export const sqlSspiAnswer = (s: Scene, header: string): Scene =>
  s.says("server", tds.response(tds.sspiToken([...rawToken(header)])));
export const sqlAccepts = (s: Scene): Scene => s.says("server", tds.response(tds.info(), tds.loginAck()));
export const sqlRefuses = (s: Scene, number: number, text: string): Scene =>
  s.says("server", tds.response(tds.error(number, text)));

const SPNEGO = 9;
const DRSUAPI = "e3514235-4b06-11d1-ab04-00c04fc2dcd2";

const auth = (header: string | undefined) =>
  header === undefined ? {} : { auth: { type: SPNEGO, token: [...rawToken(header)] } };

/** A bind to the replication interface of the domain controller. */
export const rpcBind = (s: Scene, header: string): Scene =>
  s.server(DC, 49_668).says("client", rpc.bind(11, [[DRSUAPI, 4]], auth(header)));
export const rpcAck = (s: Scene, header?: string): Scene => s.says("server", rpc.bindAck(12, [0, 3], auth(header)));
export const rpcSays = (s: Scene, side: "client" | "server", bytes: Bytes): Scene => s.says(side, bytes);
